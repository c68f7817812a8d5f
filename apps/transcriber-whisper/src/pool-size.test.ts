import { describe, expect, test } from '@jest/globals';
import { availableResources, engineMemoryBytes, poolSize } from './pool-size.ts';

const GIB = 1024 ** 3;
const TINY = 43_550_795;
const LARGE = 3_095_033_483;

describe('poolSize', () => {
  test('runs one engine of one thread per CPU where memory allows', () => {
    expect(poolSize({}, { cpus: 4, memoryBytes: 16 * GIB }, TINY)).toEqual({ workers: 4, threads: 1 });
  });

  test('runs fewer engines of more threads where the model is large', () => {
    expect(poolSize({}, { cpus: 8, memoryBytes: 9 * GIB }, LARGE)).toEqual({ workers: 2, threads: 4 });
  });

  test('divides the CPUs among the workers that were asked for', () => {
    expect(poolSize({ workers: 1 }, { cpus: 8, memoryBytes: 64 * GIB }, TINY)).toEqual({ workers: 1, threads: 8 });
  });

  test('makes room for the threads that were asked for', () => {
    expect(poolSize({ threads: 3 }, { cpus: 8, memoryBytes: 64 * GIB }, TINY)).toEqual({ workers: 2, threads: 3 });
  });

  test('rounds a fractional quota down, but never below one', () => {
    expect(poolSize({}, { cpus: 0.5, memoryBytes: GIB }, TINY)).toEqual({ workers: 1, threads: 1 });
    expect(poolSize({}, { cpus: 2.9, memoryBytes: 8 * GIB }, TINY)).toEqual({ workers: 2, threads: 1 });
  });

  test('warns when more is asked for than there are CPUs', () => {
    expect(poolSize({ workers: 4, threads: 2 }, { cpus: 4, memoryBytes: 64 * GIB }, TINY).warning).toContain(
      'WHISPER_WORKERS=4 x WHISPER_THREADS=2 is more than the 4 CPUs',
    );
  });

  test('warns when half of the CPUs are left idle, unless memory is the reason', () => {
    const eight = { cpus: 8, memoryBytes: 64 * GIB };
    expect(poolSize({ workers: 2, threads: 2 }, eight, TINY).warning).toContain('leaves half of the 8 CPUs idle');
    expect(poolSize({ workers: 3, threads: 2 }, eight, TINY).warning).toBeUndefined();
    expect(poolSize({ threads: 1 }, { cpus: 8, memoryBytes: 5 * GIB }, LARGE).warning).toBeUndefined();
  });

  test('expects more memory of a larger model', () => {
    expect(engineMemoryBytes(LARGE)).toBeGreaterThan(engineMemoryBytes(TINY));
  });
});

describe('availableResources', () => {
  test('reads the quota of cgroup v2', () => {
    const files: Record<string, string> = {
      '/sys/fs/cgroup/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/memory.max': '1073741824\n',
    };
    expect(availableResources((path) => files[path])).toEqual({ cpus: 1.5, memoryBytes: GIB });
  });

  test('reads the quota of cgroup v1', () => {
    const files: Record<string, string> = {
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    };
    expect(availableResources((path) => files[path]).cpus).toBe(1);
  });

  test('takes the machine where nothing limits it', () => {
    const { cpus, memoryBytes } = availableResources((path) =>
      path === '/sys/fs/cgroup/cpu.max' ? 'max 100000' : undefined,
    );
    expect(cpus).toBeGreaterThanOrEqual(1);
    expect(memoryBytes).toBeGreaterThan(0);
  });
});
