import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Reporter } from './reporter.mjs';

/** Debian's packages, and the commands they bring. */
const PACKAGES = {
  'nats-server': ['nats-server'],
  ffmpeg: ['ffmpeg', 'ffprobe'],
  prometheus: ['promtool', 'prometheus'],
};

/** For tests: a machine that is one folder, with nothing on it until an apt-get is placed there. */
export async function fakeMachine() {
  const folder = await mkdtemp(join(tmpdir(), 'podline-machine-'));
  const output = new PassThrough();
  return {
    /** @param {number} uid */
    context: (uid) => ({
      root: folder,
      cache: folder,
      env: process.env,
      givenWhisperServer: undefined,
      folders: [folder],
      machine: { platform: /** @type {const} */ ('linux'), arch: 'x64', uid },
      signal: new AbortController().signal,
      reporter: new Reporter({ stream: /** @type {any} */ (output) }),
    }),
    /** What the reporter has said. */
    told: () => String(output.read()),
    /** An apt-get that notes how it was called, knows these packages, and "installs" their commands. */
    placeApt: async (known = Object.keys(PACKAGES)) => {
      const file = join(folder, 'apt-get');
      await writeFile(file, aptGet(folder, known));
      await chmod(file, 0o755);
    },
    /** How apt-get was called. @throws Error `ENOENT` where it was not. */
    calls: async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n'),
    remove: () => rm(folder, { recursive: true }),
  };
}

/**
 * @param {string} folder
 * @param {readonly string[]} known
 */
function aptGet(folder, known) {
  const commands = Object.entries(PACKAGES).map(([name, brings]) => `${name}) commands="${brings.join(' ')}";;`);
  return `#!/bin/sh
echo "$@" >> ${folder}/calls
case " $* " in *" update "*) exit 0;; esac
for name in "$@"; do
  case "$name" in -*|DPkg*|install) continue;; esac
  case " ${known.join(' ')} " in *" $name "*) ;; *) echo "E: Unable to locate package $name"; exit 100;; esac
  case "$name" in ${commands.join(' ')} esac
  for command in $commands; do printf '#!/bin/sh\\necho "$0 version 9.9.9"\\n' > ${folder}/$command; chmod +x ${folder}/$command; done
done
`;
}
