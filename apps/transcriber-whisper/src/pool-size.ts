import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { GIB, MIB } from '#shared/config/defaults';

export interface Resources {
  /** CPUs this process may use: its container's quota, else the machine's. May be a fraction. */
  cpus: number;
  /** Bytes of memory it may use. */
  memoryBytes: number;
}

export interface PoolSize {
  /** Engines, each with the model in memory and one chunk at a time. */
  workers: number;
  /** Threads of each. */
  threads: number;
}

/** Kept free for Node and the audio in flight. */
const RESERVED_BYTES = 256 * MIB;

/** Memory of one engine: the weights, and buffers that grow with the model (measured: 0.2 GiB for tiny, 3.5 GiB for large). */
export function engineMemoryBytes(modelFileBytes: number): number {
  return Math.round(modelFileBytes * 1.15 + Math.min(0.5 * GIB, 150 * MIB + modelFileBytes * 0.3));
}

/**
 * How many engines of how many threads. More threads than free cores make decoding many times slower, so workers x
 * threads never exceeds the CPUs; one thread each is best, since chunks are independent.
 */
export function poolSize(
  wanted: { workers?: number | undefined; threads?: number | undefined },
  resources: Resources,
  modelFileBytes: number,
): PoolSize & { warning?: string } {
  const cpus = Math.max(1, Math.floor(resources.cpus));
  const fitMemory = Math.max(
    1,
    Math.floor((resources.memoryBytes - RESERVED_BYTES) / engineMemoryBytes(modelFileBytes)),
  );
  const workers = wanted.workers ?? Math.max(1, Math.min(Math.floor(cpus / (wanted.threads ?? 1)), fitMemory));
  const threads = wanted.threads ?? Math.max(1, Math.floor(cpus / workers));
  if (workers * threads > cpus) {
    const warning = `WHISPER_WORKERS=${workers} x WHISPER_THREADS=${threads} is more than the ${cpus} CPUs there are: transcribing will be slower, not faster.`;
    return { workers, threads, warning };
  }
  if (wanted.workers !== undefined && workers * threads <= cpus / 2) {
    const warning = `WHISPER_WORKERS=${workers} x WHISPER_THREADS=${threads} leaves half of the ${cpus} CPUs idle or more; "podline doctor --tune" finds what is fastest on a machine.`;
    return { workers, threads, warning };
  }
  return { workers, threads };
}

/** What this process may use, by cgroup v2 or v1, else the machine. */
export function availableResources(read: (path: string) => string | undefined = readText): Resources {
  return {
    cpus: Math.min(cgroupCpus(read) ?? Infinity, availableParallelism()),
    memoryBytes: Math.min(cgroupMemory(read) ?? Infinity, totalmem()),
  };
}

function cgroupCpus(read: (path: string) => string | undefined): number | undefined {
  const [quota, period] = read('/sys/fs/cgroup/cpu.max')?.trim().split(' ') ?? [
    read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
  ];
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

function cgroupMemory(read: (path: string) => string | undefined): number | undefined {
  const limit = Number(read('/sys/fs/cgroup/memory.max') ?? read('/sys/fs/cgroup/memory/memory.limit_in_bytes'));
  return Number.isFinite(limit) && limit > 0 ? limit : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
