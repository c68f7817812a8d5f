import { createReadStream, createWriteStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { uploadKey } from '#shared/contracts/artifact-keys';
import type { BlobStore } from '#shared/storage/blob-store';
import { UsageError } from '../usage-error.ts';
import { audioFiles } from './audio-files.ts';
import type { EpisodeSource } from './episode-source.ts';

/** A file as an upload to the cluster, a folder as one of each of its audio files. */
export async function uploadPath(path: string, audio: BlobStore): Promise<EpisodeSource[]> {
  const episodes: EpisodeSource[] = [];
  for (const file of await audioFiles(path))
    episodes.push({ url: await uploadFile(file.path, audio), title: file.title });
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
