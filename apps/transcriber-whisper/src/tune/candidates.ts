import type { PoolSize, Resources } from '../pool-size.ts';
import { engineMemoryBytes } from '../pool-size.ts';

/** Settings worth measuring, fewest threads first: each uses all CPUs, as far as memory has room for its engines. */
export function candidates({ cpus, memoryBytes }: Resources, modelFileBytes: number): PoolSize[] {
  const whole = Math.max(1, Math.floor(cpus));
  const room = Math.max(1, Math.floor(memoryBytes / engineMemoryBytes(modelFileBytes)));
  const found: PoolSize[] = [];
  for (let threads = 1; threads <= whole; threads *= 2) {
    const workers = Math.floor(whole / threads);
    if (workers <= room) found.push({ workers, threads });
  }
  // Not a power of two, or no room for many: one engine with everything is always possible.
  if (found.at(-1)?.workers !== 1) found.push({ workers: 1, threads: whole });
  return found;
}
