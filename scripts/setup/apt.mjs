import { findExecutable } from './find-tool.mjs';
import { lastLines, runCommand } from './run-command.mjs';

/** Waits for another package manager that is at work (a fresh cloud machine updates itself) instead of failing. */
const COMMON = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=180'];

/**
 * The path of apt-get where this process may install packages with it: as root, on a system that has it.
 * @param {{ platform: string, uid: number | undefined, folders: readonly string[] }} machine
 * @returns {Promise<string | undefined>}
 */
export async function usableApt({ platform, uid, folders }) {
  if (platform !== 'linux' || uid !== 0) return undefined;
  return findExecutable(['apt-get'], folders);
}

/**
 * Installs Debian packages. They are not torn off by Ctrl-C: a half-configured package is worse than a wait. When the
 * packages can't be had together they are tried one by one, so that one unknown name does not keep the others away.
 * @param {string} apt path of apt-get
 * @param {readonly string[]} packages
 * @param {{ env: NodeJS.ProcessEnv, progress: (text: string) => void }} context
 * @returns {Promise<string>} what apt-get said last, empty when all went well
 */
export async function aptInstall(apt, packages, { env, progress }) {
  const options = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } };
  progress('apt-get update');
  const updated = await runCommand(apt, [...COMMON, 'update'], options);
  progress(`apt-get install ${packages.join(' ')}`);
  const install = (/** @type {readonly string[]} */ names) =>
    runCommand(apt, [...COMMON, 'install', '--no-install-recommends', ...names], options);
  const together = await install(packages);
  if (together.code === 0) return '';
  for (const name of packages.length > 1 ? packages : []) await install([name]);
  return lastLines(`${updated.code === 0 ? '' : updated.output}\n${together.output}`, 3).trim();
}
