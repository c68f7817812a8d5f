import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { ensureNodeRuntime } from './node-runtime.mjs';
import { findNpm } from './npm.mjs';
import { runOrFail } from './run-command.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} LockFile
 */

/** The hash of the package-lock.json that `node_modules` was installed from. */
const STAMP = '.podline-lock-sha256';

/**
 * Whether npm's record of what is installed (`node_modules/.package-lock.json`) is what the lock file asks for. Optional
 * packages may be absent: they are for other platforms.
 * @param {LockFile} wanted
 * @param {LockFile} installed
 */
export function installedMatchesLock(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const found = installed.packages?.[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/**
 * Installs the npm packages when `node_modules` is missing or was made from another package-lock.json, and makes sure
 * that the Node among them runs.
 * @param {import('./context.mjs').SetupContext} context
 */
export async function installDependencies(context) {
  const { root, signal, reporter } = context;
  const step = reporter.start('npm packages');
  const lockText = await readFile(join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lockText).digest('hex');
  let changed = false;
  if (!(await isInstalled(root, lockText, stamp))) {
    const onWait = () => step.progress('another set-up is installing them, waiting');
    await withLock(join(root, '.podline', 'npm.lock'), { onWait, signal }, async () => {
      if (await isInstalled(root, lockText, stamp)) return;
      step.progress('npm ci');
      await npmCi(context);
      await writeFile(join(root, 'node_modules', STAMP), stamp);
    });
    changed = true;
  }
  const runtime = await ensureNodeRuntime(context, step.progress);
  step.done(`as in package-lock.json, Node ${runtime.version}`, changed || runtime.changed);
}

/** @param {string} root @param {string} lockText @param {string} stamp */
async function isInstalled(root, lockText, stamp) {
  const folder = join(root, 'node_modules');
  const read = (/** @type {string} */ name) => readFile(join(folder, name), 'utf8').catch(() => undefined);
  if ((await read(STAMP)) === stamp) return true;
  const record = await read('.package-lock.json');
  if (record === undefined || !installedMatchesLock(JSON.parse(lockText), JSON.parse(record))) return false;
  await writeFile(join(folder, STAMP), stamp);
  return true;
}

/** @param {import('./context.mjs').SetupContext} context */
async function npmCi({ root, env, folders, signal }) {
  const npm = await findNpm(folders);
  // Compilers and tests are devDependencies, which NODE_ENV=production would leave out. No install script is needed but
  // the one that fetches Node, whose work is done here: so it is the same whether npm would run them (11) or not (12).
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runOrFail('npm ci', npm, args, { cwd: root, env, signal });
}
