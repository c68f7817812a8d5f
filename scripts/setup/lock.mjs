import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupInterrupted } from './setup-error.mjs';

const POLL_MS = 200;
/** A lock without an owner's name this long after it was made was left by a process that died at once. */
const NAMELESS_MS = 5000;

/**
 * Does `work` while no other process on this machine does the same under this lock. A lock whose owner is dead is taken
 * over. It saves work, it does not guard data: what is made under it is made aside and renamed into place.
 * @template T
 * @param {string} folder the lock: a folder that exists while somebody holds it
 * @param {{ onWait?: (owner: number | undefined) => void, signal?: AbortSignal | undefined }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, { onWait, signal }, work) {
  await mkdir(dirname(folder), { recursive: true });
  let told = false;
  while (!(await take(folder))) {
    if (signal?.aborted) throw new SetupInterrupted();
    const owner = await readOwner(folder);
    if (await isAbandoned(folder, owner)) {
      await rm(folder, { recursive: true, force: true });
    } else {
      if (!told) onWait?.(owner);
      told = true;
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function take(folder) {
  try {
    await mkdir(folder);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await writeFile(join(folder, 'pid'), String(process.pid));
  return true;
}

/** @param {string} folder @returns {Promise<number | undefined>} */
async function readOwner(folder) {
  try {
    return Number(await readFile(join(folder, 'pid'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} folder @param {number | undefined} owner */
async function isAbandoned(folder, owner) {
  if (owner !== undefined) return !isAlive(owner);
  const made = await stat(folder).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > NAMELESS_MS;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
function hasCode(error, code) {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
