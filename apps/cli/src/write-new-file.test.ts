import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNewFile } from './write-new-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-write-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('writeNewFile', () => {
  test('never replaces a file that differs, unless told to', async () => {
    const path = join(folder, 'a', 'b.txt');
    const write = (text: string, replace = false) => writeNewFile(path, Buffer.from(text), replace);
    expect(await write('one')).toBe('written');
    expect(await write('one')).toBe('unchanged');
    expect(await write('two')).toBe('kept');
    expect(await readFile(path, 'utf8')).toBe('one');
    expect(await write('two', true)).toBe('replaced');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
  });

  test('lets one of several writers win, and none mix', async () => {
    const path = join(folder, 'c.txt');
    const outcomes = await Promise.all(['1', '2', '3'].map((text) => writeNewFile(path, Buffer.from(text), false)));
    expect(outcomes.toSorted()).toEqual(['kept', 'kept', 'written']);
  });
});
