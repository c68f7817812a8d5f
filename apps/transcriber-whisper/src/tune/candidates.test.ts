import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { engineMemoryBytes } from '../pool-size.ts';
import { candidates } from './candidates.ts';

const GIB = 1024 ** 3;
const TINY = 43_550_795;
const LARGE = 3_095_033_483;

describe('candidates', () => {
  test('go from one thread each to one engine with all CPUs', () => {
    expect(candidates({ cpus: 8, memoryBytes: 64 * GIB }, TINY)).toEqual([
      { workers: 8, threads: 1 },
      { workers: 4, threads: 2 },
      { workers: 2, threads: 4 },
      { workers: 1, threads: 8 },
    ]);
  });

  test('leave out what memory has no room for', () => {
    expect(candidates({ cpus: 8, memoryBytes: 9 * GIB }, LARGE)).toEqual([
      { workers: 2, threads: 4 },
      { workers: 1, threads: 8 },
    ]);
  });

  test('never ask for more than there is, and always have one that is possible', () => {
    const resources = fc.record({
      cpus: fc.double({ min: 0.1, max: 256, noNaN: true }),
      memoryBytes: fc.integer({ min: 0, max: 512 * GIB }),
    });
    fc.assert(
      fc.property(resources, fc.constantFrom(TINY, LARGE), (machine, model) => {
        const found = candidates(machine, model);
        expect(found.at(-1)?.workers).toBe(1);
        for (const { workers, threads } of found) {
          expect(workers * threads).toBeLessThanOrEqual(Math.max(1, Math.floor(machine.cpus)));
          if (workers > 1) expect(workers * engineMemoryBytes(model)).toBeLessThanOrEqual(machine.memoryBytes);
        }
      }),
    );
  });
});
