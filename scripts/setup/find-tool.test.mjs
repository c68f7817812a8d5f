import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findExecutable, inspectTool, judgeVersion } from './find-tool.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-tool-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** @param {string} name @param {string} script @param {number} mode */
async function place(name, script = 'exit 0', mode = 0o755) {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, mode);
  return path;
}

const TOOL = { commands: ['thing'], versionArgs: ['-v'], minimum: '2.9.0', apt: 'thing', brew: 'thing', url: 'x' };

describe('findExecutable', () => {
  test('prefers the first command, then the first folder', async () => {
    await place('second');
    const first = await place('first');
    expect(await findExecutable(['first', 'second'], ['/nowhere', folder])).toBe(first);
  });

  test('passes over folders and files that can’t be run', async () => {
    await mkdir(join(folder, 'thing'));
    await place('other', 'exit 0', 0o644);
    expect(await findExecutable(['thing', 'other'], [folder])).toBeUndefined();
  });
});

describe('inspectTool', () => {
  test('reports what is not there as missing', async () => {
    expect(await inspectTool(TOOL, [folder])).toEqual({ status: 'missing' });
  });

  test('asks the tool for its version', async () => {
    const path = await place('thing', 'echo "thing: $1 v2.9.10"');
    expect(await inspectTool(TOOL, [folder])).toEqual({ status: 'ok', path, version: '2.9.10' });
  });

  test('reports what is there but fails as broken', async () => {
    const path = await place('thing', 'exit 127');
    expect(await inspectTool(TOOL, [folder])).toEqual({ status: 'broken', path });
  });
});

describe('judgeVersion', () => {
  test('an older version is old', () => {
    expect(judgeVersion(TOOL, '/x', '2.8.9')).toEqual({ status: 'old', path: '/x', version: '2.8.9' });
  });

  test('a build without a number passes', () => {
    expect(judgeVersion(TOOL, '/x', undefined)).toEqual({ status: 'ok', path: '/x' });
  });
});
