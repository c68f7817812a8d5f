import { build } from './build.mjs';
import { readComponents, writeComponents } from './components-file.mjs';
import { installDependencies } from './dependencies.mjs';
import { verifyModel } from './model.mjs';
import { requirements } from './requirements.mjs';
import { SetupError, SetupInterrupted, StepFailed } from './setup-error.mjs';
import { ensureTools } from './system-tools.mjs';
import { ensureTestTools } from './test-tools.mjs';
import { ensureWhisperServer, mustCompile } from './whisper-server.mjs';

/**
 * @typedef {import('./context.mjs').SetupContext} SetupContext
 * @typedef {import('./components-file.mjs').Components} Components
 */

/**
 * What the program itself needs to start: npm packages and its own code, compiled.
 * @param {SetupContext} context
 */
async function setUpProgram(context) {
  await guarded('npm packages', context, () => installDependencies(context));
  await guarded('build', context, () => build(context));
}

/**
 * What the services call: nats-server, ffmpeg, whisper-server and its model.
 * @param {SetupContext} context
 * @param {boolean} forTests
 * @returns {Promise<Components>}
 */
async function setUpComponents(context, forTests) {
  const compilers = (await mustCompile(context)) ? requirements.compilers : {};
  const [model, paths] = await allOrFirstFailure([
    guarded('whisper model', context, () => verifyModel(context)),
    guarded('system tools', context, () => ensureTools({ ...requirements.tools, ...compilers }, context)),
  ]);
  if (forTests) await guarded('tools for tests', context, () => ensureTestTools(requirements.testTools, context));
  const whisperServer = await guarded('whisper-server', context, () => ensureWhisperServer(context, model));
  const kept = Object.keys(requirements.tools).map((name) => /** @type {const} */ ([name, paths[name] ?? '']));
  const components = { ...Object.fromEntries(kept), 'whisper-server': whisperServer, model };
  await writeComponents(context.root, lasting(components, context));
  return components;
}

/**
 * Sets up what is missing and tells of every step. The program and its components are independent of each other and go
 * side by side: one waits for the network while the other compiles.
 * @param {SetupContext} context
 * @param {{ components: boolean, forTests?: boolean }} options `components: false` leaves out what only running services need;
 *   `forTests` adds what only tests do
 * @returns {Promise<Components | undefined>} undefined when something failed, which has been told
 * @throws SetupInterrupted
 */
export async function setUp(context, { components, forTests = false }) {
  try {
    const [, found] = await allOrFirstFailure([
      setUpProgram(context),
      components ? setUpComponents(context, forTests) : readComponents(context.root),
    ]);
    if (context.signal.aborted) throw new SetupInterrupted();
    return found;
  } catch (error) {
    if (context.signal.aborted) throw new SetupInterrupted();
    if (error instanceof StepFailed) return undefined;
    throw error;
  }
}

/**
 * The components without a whisper-server that was given for this run only.
 * @param {Components} components
 * @param {SetupContext} context
 * @returns {Components}
 */
function lasting(components, { givenWhisperServer }) {
  if (givenWhisperServer === undefined) return components;
  const { 'whisper-server': _given, ...others } = components;
  return others;
}

/**
 * As Promise.all, but it fails only when all have ended: every step gets to tell what it lacks.
 * @template A, B
 * @param {[Promise<A>, Promise<B>]} parts
 * @returns {Promise<[A, B]>}
 */
async function allOrFirstFailure(parts) {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

/**
 * @template T
 * @param {string} name
 * @param {SetupContext} context
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function guarded(name, { reporter }, work) {
  try {
    return await work();
  } catch (error) {
    const known = error instanceof SetupError ? error : asFileTrouble(error);
    reporter.start(name).failed(known.message);
    if (known.detail !== '') reporter.line(known.detail.replace(/^/gm, '      '));
    throw new StepFailed();
  }
}

/**
 * A file that can't be written or a full disk is a thing to tell, not a stack trace; anything else is a bug.
 * @param {unknown} error
 */
function asFileTrouble(error) {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) throw error;
  return new SetupError(`${error.message}. Make it writable, or set PODLINE_CACHE to a folder that is.`, {
    cause: error,
  });
}
