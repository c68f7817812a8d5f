import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { editSource } from './edit-source.mjs';

describe('editSource', () => {
  /** @type {string} */
  let folder;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podline-edit-'));
    await writeFile(join(folder, 'a.cpp'), 'one\ntwo\ntwo\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('puts one text in the place of another', async () => {
    await editSource(folder, [{ file: 'a.cpp', why: '', find: 'one\n', put: '$& $1\n' }]);
    expect(await readFile(join(folder, 'a.cpp'), 'utf8')).toBe('$& $1\ntwo\ntwo\n');
  });

  test.each([
    ['two', 'has "two" 2 times instead of once'],
    ['three', 'has "three" 0 times instead of once'],
  ])('refuses a source in which %s is not there once', async (find, message) => {
    await expect(editSource(folder, [{ file: 'a.cpp', why: '', find, put: '' }])).rejects.toThrow(message);
  });
});
