import { cacheDirectory, projectRoot, searchDirectories, toolEnvironment } from './paths.mjs';

/**
 * What every step is given.
 * @typedef {object} SetupContext
 * @property {string} root the checkout
 * @property {string} cache the folder that outlives the checkout
 * @property {NodeJS.ProcessEnv} env for npm, apt, compilers
 * @property {string | undefined} givenWhisperServer a whisper-server the user brings
 * @property {string[]} folders where tools are looked for
 * @property {{ platform: NodeJS.Platform, arch: string, uid: number | undefined }} machine
 * @property {AbortSignal} signal
 * @property {import('./reporter.mjs').Reporter} reporter
 */

/**
 * @param {{ env: NodeJS.ProcessEnv, signal: AbortSignal, reporter: import('./reporter.mjs').Reporter }} parts
 * @returns {SetupContext}
 */
export function createContext({ env, signal, reporter }) {
  return {
    root: projectRoot,
    cache: cacheDirectory(env),
    env: toolEnvironment(env),
    givenWhisperServer: env['PODLINE_WHISPER_SERVER'] || undefined,
    folders: searchDirectories(env),
    machine: { platform: process.platform, arch: process.arch, uid: process.getuid?.() },
    signal,
    reporter,
  };
}
