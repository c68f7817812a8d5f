import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Reporter } from './reporter.mjs';
import { requirements } from './requirements.mjs';
import { ensureTools, packagesFor } from './system-tools.mjs';

let folder = '';
let output = new PassThrough();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-apt-'));
  output = new PassThrough();
});
afterEach(() => rm(folder, { recursive: true }));

/** An apt-get that notes how it was called, knows some packages, and "installs" a package as a command. */
async function placeApt(known = ['nats-server', 'ffmpeg']) {
  const script = `#!/bin/sh
echo "$@" >> ${folder}/calls
case " $* " in *" update "*) exit 0;; esac
for name in "$@"; do
  case "$name" in -*|DPkg*|install) continue;; esac
  case " ${known.join(' ')} " in *" $name "*) ;; *) echo "E: Unable to locate package $name"; exit 100;; esac
  names=$name; [ $name = ffmpeg ] && names="ffmpeg ffprobe"
  for command in $names; do printf '#!/bin/sh\\necho "$0 version 9.9.9"\\n' > ${folder}/$command; chmod +x ${folder}/$command; done
done
`;
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

describe('ensureTools', () => {
  test('as root, installs what is missing with one update and one install', async () => {
    await placeApt();
    const paths = await ensureTools(requirements.tools, context(0));
    expect(Object.keys(paths)).toEqual(['nats-server', 'ffmpeg', 'ffprobe']);
    const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatch(/ update$/);
    expect(calls[1]).toMatch(/ install --no-install-recommends nats-server ffmpeg$/);
  });

  test('an unknown package does not keep the others away, and is told in one line with the fix', async () => {
    await placeApt(['ffmpeg']);
    await expect(ensureTools(requirements.tools, context(0))).rejects.toThrow('a step failed');
    const lines = told().split('\n');
    expect(lines.find((line) => line.includes('✓ ffmpeg'))).toContain('9.9.9');
    expect(lines.find((line) => line.includes('✗ nats-server'))).toContain('brew install nats-server');
  });

  test('without root it installs nothing and says what to install', async () => {
    await placeApt();
    await expect(ensureTools(requirements.tools, context(1000))).rejects.toThrow('a step failed');
    await expect(readFile(join(folder, 'calls'))).rejects.toThrow('ENOENT');
    expect(told()).toContain('sudo apt-get install nats-server');
  });
});

describe('packagesFor', () => {
  const tool = (/** @type {string} */ apt) => ({
    commands: [],
    versionArgs: [],
    minimum: '1.0.0',
    apt,
    brew: apt,
    url: apt,
  });

  test('names each package once, for all that is not well', () => {
    const packages = packagesFor({
      a: { tool: tool('one'), report: { status: 'missing' } },
      b: { tool: tool('one'), report: { status: 'old' } },
      c: { tool: tool('two'), report: { status: 'broken' } },
      d: { tool: tool('three'), report: { status: 'ok' } },
    });
    expect(packages).toEqual(['one', 'two']);
  });
});
