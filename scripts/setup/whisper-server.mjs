import { mkdir, mkdtemp, rename, rm, writeFile, copyFile, access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { editSource } from './engine/edit-source.mjs';
import { findExecutable, isExecutable } from './find-tool.mjs';
import { withLock } from './lock.mjs';
import { requirements } from './requirements.mjs';
import { SetupError } from './setup-error.mjs';
import { transcribeCheck } from './transcribe-check.mjs';
import { compileWhisperServer } from './whisper-build.mjs';
import { whisperServerFolder } from './whisper-location.mjs';
import { fetchWhisperSource } from './whisper-source.mjs';

/** @typedef {import('./context.mjs').SetupContext} SetupContext */

/** Beside the binary, once it has transcribed. */
const VERIFIED = 'verified';

/**
 * Whether whisper-server has to be compiled, for which the compilers are needed.
 * @param {SetupContext} context
 */
export async function mustCompile({ cache, machine, givenWhisperServer }) {
  if (givenWhisperServer !== undefined) return false;
  return !(await isExecutable(join(whisperServerFolder(cache, machine), 'whisper-server')));
}

/**
 * Gives whisper-server: the user's own as it is, else the one in the cache, compiled when it is not there yet.
 * @param {SetupContext} context
 * @param {string} model a model file to verify it with
 * @returns {Promise<string>} its path
 */
export async function ensureWhisperServer(context, model) {
  const { cache, machine, reporter, signal, givenWhisperServer } = context;
  const { version } = requirements.whisperServer;
  const step = reporter.start('whisper-server');
  if (givenWhisperServer !== undefined) {
    const given = await findGiven(givenWhisperServer, context.folders);
    step.done(`${given} (PODLINE_WHISPER_SERVER)`, false);
    return given;
  }
  const folder = whisperServerFolder(cache, machine);
  const binary = join(folder, 'whisper-server');
  if (await exists(join(folder, VERIFIED))) {
    step.done(`${version}, ${folder}`, false);
    return binary;
  }
  const onWait = (/** @type {number | undefined} */ owner) =>
    step.progress(`process ${owner ?? 'unknown'} is compiling it, waiting`);
  await withLock(`${folder}.lock`, { onWait, signal }, async () => {
    if (!(await isExecutable(binary))) await compileInto(folder, context, step.progress);
    if (!(await exists(join(folder, VERIFIED)))) await verify(binary, model, context, step.progress);
  });
  step.done(`${version}, compiled for this CPU, transcribes`, true);
  return binary;
}

/**
 * @param {string} given a path, or a command to look up
 * @param {readonly string[]} folders
 */
async function findGiven(given, folders) {
  const path = given.includes('/') ? resolve(given) : await findExecutable([given], folders);
  if (path !== undefined && (await isExecutable(path))) return path;
  throw new SetupError(
    `PODLINE_WHISPER_SERVER is ${given}, which is no executable file. Correct it, or unset it to have one compiled.`,
  );
}

/**
 * Compiles in a folder of its own and moves the binary into place at once: nobody ever sees half of it.
 * @param {string} folder
 * @param {SetupContext} context
 * @param {(text: string, fraction?: number) => void} progress
 */
async function compileInto(folder, context, progress) {
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(context.cache, 'build-'));
  try {
    progress('fetching the source');
    const source = await fetchWhisperSource(work, context);
    await editSource(source);
    const built = await compileWhisperServer(source, join(work, 'build'), context, progress);
    const aside = join(folder, `whisper-server.${process.pid}`);
    await copyFile(built, aside);
    await rename(aside, join(folder, 'whisper-server'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} binary
 * @param {string} model
 * @param {SetupContext} context
 * @param {(text: string) => void} progress
 */
async function verify(binary, model, { root, signal, cache, machine }, progress) {
  progress('transcribing a clip');
  const { inferencePath } = requirements.whisperServer;
  const { clip, words } = requirements.check;
  const text = await transcribeCheck({ binary, model, clip: join(root, clip), inferencePath, words, signal });
  await writeFile(join(whisperServerFolder(cache, machine), VERIFIED), `${text}\n`);
}

/** @param {string} path */
function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
