import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inspectMachine, judgeMachine } from './check-machine.ts';

const ROOMY = { diskFolder: '/data', freeDiskBytes: 50e9, freeMemoryBytes: 8e9, totalMemoryBytes: 16e9, cpus: 4 };

describe('judgeMachine', () => {
  test('a roomy machine is well', () => {
    expect(judgeMachine(ROOMY).map(({ name, status, fix }) => [name, status, fix])).toEqual([
      ['disk', 'ok', undefined],
      ['memory', 'ok', undefined],
      ['CPUs', 'ok', undefined],
    ]);
  });

  test('a full disk is told with the folder and what is needed', () => {
    expect(judgeMachine({ ...ROOMY, freeDiskBytes: 0.4e9 })[0]).toMatchObject({
      status: 'broken',
      detail: '0.4 GB free',
      fix: 'Free 2.0 GB on the disk of /data.',
    });
  });

  test('little memory is told', () => {
    expect(judgeMachine({ ...ROOMY, freeMemoryBytes: 0.5e9 })[1]).toMatchObject({
      status: 'broken',
      detail: '0.5 GB free of 16.0 GB',
    });
  });
});

test('inspectMachine measures the disk a folder will be on before it is there', async () => {
  const here = await inspectMachine(tmpdir());
  const below = await inspectMachine(join(tmpdir(), 'not', 'there', 'yet'));
  expect(below.freeDiskBytes).toBeGreaterThan(0);
  expect(Math.abs(below.freeDiskBytes - here.freeDiskBytes)).toBeLessThan(1e9);
  expect(here.cpus).toBeGreaterThanOrEqual(1);
  expect(here.freeMemoryBytes).toBeLessThanOrEqual(here.totalMemoryBytes);
});
