import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { models, requirements } from './requirements.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {{ bytes: number, mtimeMs: number, sha256: string }} FileStamp what a file looked like when it was hashed
 */

/** @param {string} path @returns {Promise<string>} hexadecimal */
export async function sha256File(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Whether a file still is what was hashed, as far as its size and time tell.
 * @param {FileStamp | undefined} stamp
 * @param {{ size: number, mtimeMs: number }} file
 * @param {string} sha256
 */
export function isStampValid(stamp, file, sha256) {
  return stamp?.sha256 === sha256 && stamp.bytes === file.size && stamp.mtimeMs === file.mtimeMs;
}

/**
 * Checks the model that comes with the checkout against its pinned SHA-256; read again only when the file has changed.
 * @param {import('./context.mjs').SetupContext} context
 * @returns {Promise<string>} its path
 * @throws SetupError when it is missing or another file
 */
export async function verifyModel({ root, cache, reporter }) {
  const step = reporter.start('whisper model');
  const name = requirements.embeddedModel;
  const entry = models[name];
  if (entry === undefined) throw new SetupError(`models/models.json has no entry "${name}".`);
  const path = join(root, 'models', entry.file);
  const file = await stat(path).catch(() => undefined);
  if (file === undefined)
    throw new SetupError(`${path} is missing. It is part of the repository: git checkout -- models`);

  const stampsPath = join(cache, 'verified-files.json');
  const stamps = await readStamps(stampsPath);
  const known = isStampValid(stamps[path], file, entry.sha256);
  if (!known) {
    step.progress('hashing');
    const found = await sha256File(path);
    if (found !== entry.sha256) {
      throw new SetupError(
        `${path} has SHA-256 ${found} (${file.size} bytes), but ${entry.sha256} (${entry.bytes} bytes) is pinned. Restore it: git checkout -- models`,
      );
    }
    await writeStamps(stampsPath, { ...stamps, [path]: { bytes: file.size, mtimeMs: file.mtimeMs, sha256: found } });
  }
  step.done(`${name}, ${(entry.bytes / 1e6).toFixed(0)} MB, SHA-256 as pinned`, !known);
  return path;
}

/** @param {string} path @returns {Promise<Record<string, FileStamp>>} */
async function readStamps(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return {};
  }
}

/** @param {string} path @param {Record<string, FileStamp>} stamps */
async function writeStamps(path, stamps) {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(stamps, undefined, 2)}\n`);
  await rename(aside, path);
}
