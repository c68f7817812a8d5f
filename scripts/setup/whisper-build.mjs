import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBuildProgress } from './build-progress.mjs';
import { findExecutable } from './find-tool.mjs';
import { requirements } from './requirements.mjs';
import { runOrFail } from './run-command.mjs';
import { buildAdaptation } from './whisper-location.mjs';

/** One compiler on the largest file takes about 0.7 GB. */
const BYTES_PER_JOB = 1e9;

/**
 * Compilers to run at once: one a core, but no more than fit the free memory.
 * @param {number} cores
 * @param {number} freeBytes
 */
export function buildJobs(cores, freeBytes) {
  return Math.max(1, Math.min(cores, Math.floor(freeBytes / BYTES_PER_JOB)));
}

/**
 * Compiles whisper-server, and only it.
 * @param {string} source folder of whisper.cpp
 * @param {string} build folder to build in
 * @param {import('./context.mjs').SetupContext} context
 * @param {(text: string, fraction?: number) => void} progress
 * @param {readonly string[]} more arguments for CMake
 * @returns {Promise<string>} the binary's path
 */
export async function compileWhisperServer(source, build, { env, folders, signal }, progress, more = []) {
  const options = { env, signal };
  // Ninja keeps every core busy to the end, where make waits at each library: a fifth less time on two cores.
  const ninja = await findExecutable(['ninja'], folders);
  const generator = ninja === undefined ? 'Unix Makefiles' : 'Ninja';
  const { cmakeArguments } = requirements.whisperServer;
  const adaptation = `-DCMAKE_PROJECT_whisper.cpp_INCLUDE=${fileURLToPath(buildAdaptation)}`;
  const configure = ['-S', source, '-B', build, '-G', generator, ...cmakeArguments, adaptation, ...more];
  progress('configuring');
  await runOrFail('cmake (configuring whisper.cpp)', 'cmake', configure, options);
  progress('compiling', 0);
  const onLine = (/** @type {string} */ line) => {
    const fraction = parseBuildProgress(line);
    if (fraction !== undefined) progress('compiling', fraction);
  };
  const jobs = String(buildJobs(availableParallelism(), process.availableMemory?.() ?? freemem()));
  const make = ['--build', build, '--target', 'whisper-server', '--parallel', jobs];
  await runOrFail('cmake --build (compiling whisper-server)', 'cmake', make, { ...options, onLine });
  return join(build, 'bin', 'whisper-server');
}
