import { createReadStream, createWriteStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { uploadKey } from '#shared/contracts/artifact-keys';
import type { BlobStore } from '#shared/storage/blob-store';
import { UsageError } from '../usage-error.ts';
import type { EpisodeSource } from './episode-source.ts';

/** Files of a folder that are taken; anything ffmpeg reads can be named by itself. */
const AUDIO_FILE = /\.(mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|wma|mp4|m4v|mov|mkv|webm)$/i;

/** A file as an upload to the cluster, a folder as one of each audio file in it and in those below. */
export async function uploadPath(path: string, audio: BlobStore): Promise<EpisodeSource[]> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return uploadFolder(path, audio);
  if (!info?.isFile()) throw new UsageError(`"${path}" is neither an http(s) URL nor a file that exists.`);
  if (info.size === 0) throw new UsageError(`"${path}" is empty.`);
  return [{ url: await uploadFile(path, audio), title: basename(path) }];
}

async function uploadFolder(folder: string, audio: BlobStore): Promise<EpisodeSource[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && AUDIO_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => a.localeCompare(b));
  const episodes: EpisodeSource[] = [];
  for (const path of paths) {
    // Half a recording that is still being copied must not hide the others.
    if ((await stat(path)).size === 0) continue;
    episodes.push({ url: await uploadFile(path, audio), title: relative(folder, path) });
  }
  if (episodes.length === 0) throw new UsageError(`The folder "${folder}" has no audio file.`);
  return episodes;
}

/** A stream, such as standard input, as an upload; on disk meanwhile, since its hash names it. */
export async function uploadStream(stream: Readable, title: string, audio: BlobStore): Promise<EpisodeSource> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-upload-'));
  try {
    const path = join(folder, 'audio');
    await pipeline(stream, createWriteStream(path));
    if ((await stat(path)).size === 0) throw new UsageError(`${title} is empty.`);
    return { url: await uploadFile(path, audio), title };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stores the file unless the cluster has it. @returns its `upload:` URL. */
async function uploadFile(path: string, audio: BlobStore): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest('hex');
  const key = uploadKey(sha256);
  if ((await audio.head(key)) === undefined) await audio.create(key, createReadStream(path));
  return `upload:${sha256}`;
}
