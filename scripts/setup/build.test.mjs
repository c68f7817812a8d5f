import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newestSource } from './build.mjs';

describe('newestSource', () => {
  const OLD = new Date('2020-01-01');
  const NEW = new Date('2021-01-01');
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'podline-build-'));
    await mkdir(join(root, 'apps', 'cli'), { recursive: true });
    for (const name of ['apps/cli/main.ts', 'apps/cli/notes.md', 'tsconfig.json']) {
      await writeFile(join(root, name), '');
      await utimes(join(root, name), OLD, OLD);
    }
    for (const name of ['apps/cli', 'apps']) await utimes(join(root, name), OLD, OLD);
  });
  afterEach(() => rm(root, { recursive: true }));

  test.each(['apps/cli/main.ts', 'tsconfig.json', 'apps/cli'])('follows %s', async (name) => {
    expect(await newestSource(root)).toBe(OLD.getTime());
    await utimes(join(root, name), NEW, NEW);
    expect(await newestSource(root)).toBe(NEW.getTime());
  });

  test('does not follow files that are not compiled', async () => {
    await utimes(join(root, 'apps/cli/notes.md'), NEW, NEW);
    expect(await newestSource(root)).toBe(OLD.getTime());
  });
});
