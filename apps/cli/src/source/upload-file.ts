import { createReadStream, createWriteStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE, SECOND } from '#shared/config/defaults';
import { uploadKey } from '#shared/contracts/artifact-keys';
import { uploadUrl } from '#shared/contracts/upload-url';
import { PodlineError } from '#shared/errors';
import type { BlobStore } from '#shared/storage/blob-store';
import { UsageError } from '../usage-error.ts';
import { audioFiles } from './audio-files.ts';
import type { EpisodeSource, IsNeeded } from './episode-source.ts';

/** Less than the caretaker leaves an upload alone that no unfinished episode is of, in milliseconds. */
const FRESH_MS = 5 * MINUTE;
/** Uploads leave the rest to chunks: were it full of files that wait, none of them could be cut. */
const SHARE = 0.5;
/** While the cluster is full, a file is tried again after so many milliseconds. */
const FULL_MS = 10 * SECOND;

/** A file, or each audio file of a folder. */
export async function uploadPath(path: string, audio: BlobStore): Promise<EpisodeSource[]> {
  return (await audioFiles(path)).map((file) => ({
    url: file.path,
    title: file.title,
    upload: (isNeeded) => uploadFile(file.path, audio, isNeeded),
  }));
}

/** A stream, such as standard input; on disk meanwhile, since its hash names it. @returns its `upload:` URL. */
export async function uploadStream(
  stream: Readable,
  title: string,
  audio: BlobStore,
  isNeeded: IsNeeded,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-upload-'));
  try {
    const path = join(folder, 'audio');
    await pipeline(stream, createWriteStream(path));
    if ((await stat(path)).size === 0) throw new UsageError(`${title} is empty.`);
    return await uploadFile(path, audio, isNeeded);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stores the file unless the cluster has it, and will keep it until it is published. @returns its `upload:` URL. */
async function uploadFile(path: string, audio: BlobStore, isNeeded: IsNeeded): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest('hex');
  const url = uploadUrl(sha256);
  // Said again, a command goes through all of a folder, of which most may be done.
  if (!(await isNeeded(url))) return url;
  const known = await audio.head(uploadKey(sha256));
  if (known === undefined || Date.now() - known.modified.getTime() > FRESH_MS) await store(path, sha256, audio);
  return url;
}

/** Waits while there is no room: then episodes are at work, and make some when they are finished. */
async function store(path: string, sha256: string, audio: BlobStore): Promise<void> {
  for (let told = false; ; told = true) {
    if (await stored(path, sha256, audio)) return;
    if (!told) {
      console.error(
        `The cluster has no room for ${path} beside what waits (AUDIO_MAX_BYTES); waiting until episodes are finished. ` +
          'Ctrl-C ends this; the same command goes on later.',
      );
    }
    await delay(FULL_MS);
  }
}

/** @returns false where there is no room for it. */
async function stored(path: string, sha256: string, audio: BlobStore): Promise<boolean> {
  const { size } = await stat(path);
  const usage = await audio.usage();
  const share = usage && usage.limit * SHARE;
  // A file that alone is more than that is tried all the same: it would wait for ever.
  if (usage && share !== undefined && size <= share && usage.used + size > share) return false;
  try {
    await audio.put(uploadKey(sha256), createReadStream(path));
    return true;
  } catch (error) {
    if (error instanceof PodlineError && error.reason === 'storage-full') return false;
    throw error;
  }
}
