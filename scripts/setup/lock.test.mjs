import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { withLock } from './lock.mjs';

let folder = '';
let lock = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-lock-'));
  lock = join(folder, 'deep', 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

describe('withLock', () => {
  test('lets the second wait for the first, and tells it who works', async () => {
    const { promise: firstMayEnd, resolve: endFirst } = Promise.withResolvers();
    const { promise: firstBegan, resolve: begin } = Promise.withResolvers();
    /** @type {string[]} */
    const events = [];
    const first = withLock(lock, {}, async () => {
      begin(undefined);
      await firstMayEnd;
      events.push('first');
    });
    await firstBegan;
    const onWait = (/** @type {number | undefined} */ owner) => {
      events.push(`waits for ${owner}`);
      endFirst(undefined);
    };
    const second = withLock(lock, { onWait }, async () => events.push('second'));
    await Promise.all([first, second]);
    expect(events).toEqual([`waits for ${process.pid}`, 'first', 'second']);
  });

  test('takes over from a process that is gone', async () => {
    const gone = spawnSync('true').pid;
    await mkdir(lock, { recursive: true });
    await writeFile(join(lock, 'pid'), String(gone));
    await expect(withLock(lock, {}, async () => 'done')).resolves.toBe('done');
  });

  test('is given back when the work fails', async () => {
    await expect(withLock(lock, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  test('waiting ends when the set-up is stopped', async () => {
    await mkdir(lock, { recursive: true });
    await writeFile(join(lock, 'pid'), String(process.pid));
    const stop = new AbortController();
    const waiting = withLock(lock, { signal: stop.signal, onWait: () => stop.abort() }, async () => 'done');
    await expect(waiting).rejects.toThrow('interrupted');
  });
});
