import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Reporter } from './reporter.mjs';
import { requirements } from './requirements.mjs';
import { ensureTestTools } from './test-tools.mjs';

let folder = '';
let output = new PassThrough();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-test-tools-'));
  output = new PassThrough();
});
afterEach(() => rm(folder, { recursive: true }));

/** An apt-get that notes how it was called, and "installs" promtool and prometheus. */
async function placeApt(exitCode = 0) {
  const install = ['promtool', 'prometheus'].map(
    (name) => `printf '#!/bin/sh\\necho "${name}, version 2.42.0"\\n' > ${folder}/${name}; chmod +x ${folder}/${name}`,
  );
  const script = `#!/bin/sh\necho "$@" >> ${folder}/calls\n[ ${exitCode} = 0 ] || exit ${exitCode}\n${install.join('\n')}\n`;
  await writeFile(join(folder, 'apt-get'), script);
  await chmod(join(folder, 'apt-get'), 0o755);
}

/** @param {number} uid */
function context(uid) {
  return {
    root: folder,
    cache: folder,
    env: process.env,
    givenWhisperServer: undefined,
    folders: [folder],
    machine: { platform: /** @type {const} */ ('linux'), arch: 'x64', uid },
    signal: new AbortController().signal,
    reporter: new Reporter({ stream: /** @type {any} */ (output) }),
  };
}

const told = () => String(output.read());

describe('tools that only tests need', () => {
  test('are installed by root', async () => {
    await placeApt();
    await ensureTestTools(requirements.testTools, context(0));
    expect(await readFile(join(folder, 'calls'), 'utf8')).toMatch(/ install --no-install-recommends prometheus\n/);
    expect(told()).toMatch(/promtool +2\.42\.0/);
  });

  test('are told as missing, and no failure, where they can’t be installed', async () => {
    await placeApt();
    await ensureTestTools(requirements.testTools, context(1000));
    expect(told()).toMatch(/promtool +not there: its tests are skipped/);
  });

  test('fail nothing when apt does', async () => {
    await placeApt(100);
    await ensureTestTools(requirements.testTools, context(0));
    expect(told()).toMatch(/prometheus +not there/);
  });
});
