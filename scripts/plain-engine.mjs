import { join } from 'node:path';
import { createContext } from './setup/context.mjs';
import { interruptSignal } from './setup/interrupt.mjs';
import { Reporter } from './setup/reporter.mjs';
import { compileWhisperServer } from './setup/whisper-build.mjs';
import { fetchWhisperSource } from './setup/whisper-source.mjs';

/**
 * Compiles whisper-server as whisper.cpp stands, without podline's changes, in the folder that is given, and prints its
 * path: what `npm run bench -- engine` compares with.
 */
const folder = process.argv[2] ?? '.';
const { signal } = interruptSignal();
const context = createContext({
  env: process.env,
  signal,
  reporter: new Reporter({ stream: process.stderr, quiet: true }),
});
const source = await fetchWhisperSource(folder, context);
const plain = ['-DPODLINE_KERNELS=OFF'];
console.log(await compileWhisperServer(source, join(folder, 'build'), context, () => {}, plain));
