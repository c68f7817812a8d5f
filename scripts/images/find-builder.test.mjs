import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findBuilder } from './find-builder.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-builder-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('findBuilder', () => {
  test('takes the command it is given, with its arguments', async () => {
    const env = { PODLINE_IMAGE_BUILDER: 'nerdctl build  --quiet' };
    expect(await findBuilder(env, [folder])).toEqual(['nerdctl', 'build', '--quiet']);
  });

  test('else takes what is installed', async () => {
    await writeFile(join(folder, 'podman'), '');
    await chmod(join(folder, 'podman'), 0o755);
    expect(await findBuilder({}, [folder])).toEqual([join(folder, 'podman'), 'build']);
  });

  test('says what to install where there is none', async () => {
    await expect(findBuilder({}, [folder])).rejects.toThrow('docker, podman, buildah');
  });
});
