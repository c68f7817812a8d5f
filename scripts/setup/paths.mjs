import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where tools are looked for besides PATH: a plain user's PATH on Debian lacks the sbin folders nats-server goes to. */
const EXTRA_DIRECTORIES = ['/usr/local/bin', '/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin'];

/**
 * The folder that outlives `node_modules` and a clone: `PODLINE_CACHE`, else podline's folder in the user's cache.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home the user's home folder
 */
export function cacheDirectory(env, home = homedir()) {
  if (env['PODLINE_CACHE']) return resolve(env['PODLINE_CACHE']);
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'podline');
}

/**
 * Folders to look for tools in, in order, without this project's own `node_modules/.bin`.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} extra
 */
export function searchDirectories(env, extra = EXTRA_DIRECTORIES) {
  const own = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder && !isNodeModulesBin(folder));
  return [...new Set([...own, ...extra])];
}

/** @param {string} folder */
function isNodeModulesBin(folder) {
  return /[/\\]node_modules[/\\]\.bin[/\\]?$/.test(folder);
}

/**
 * The environment for npm, apt and the compilers: they must not run on the Node below `node_modules`, which `npm ci`
 * removes under their feet.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(env) {
  return { ...env, PATH: searchDirectories(env).join(delimiter) };
}
