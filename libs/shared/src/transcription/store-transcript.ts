import { chunkTranscriptKey, TRANSCRIPT_FORMATS, transcriptKey } from '#shared/contracts/artifact-keys';
import { type ChunkTranscript, chunkTranscriptSchema } from '#shared/contracts/chunk-transcript';
import { cutOf, type Manifest } from '#shared/contracts/manifest';
import { type Transcript, transcriptSchema } from '#shared/contracts/transcript';
import { PermanentError } from '#shared/errors';
import { Gate } from '#shared/parallel/gate';
import { inParallel } from '#shared/parallel/in-parallel';
import type { Runtime } from '#shared/service/runtime';
import { createJson } from '#shared/storage/json-blobs';
import { readOrDrop } from '#shared/storage/read-or-drop';
import { formatTranscript } from './formats/format-transcript.ts';
import { mergeTranscript } from './merge.ts';

/** A chunk's transcript with word times is about 100 KB; a broken engine's is not read whole. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;
/** One is read while others are parsed. */
const READS_AT_ONCE = 4;
/** The transcript of a 6-hour episode with word times is about 10 MB. */
const MAX_TRANSCRIPT_BYTES = 256 * 1024 * 1024;

type Stores = Pick<Runtime, 'results' | 'log'> & Partial<Pick<Runtime, 'observer'>>;

/**
 * Stores an episode's transcript in every format. One that is there stays, and the other formats are made of it.
 * @returns undefined when the transcript of a chunk is missing.
 * @throws PermanentError `invalid-artifact` where something of another episode lies in its place.
 */
export async function storeTranscript(manifest: Manifest, stores: Stores): Promise<Transcript | undefined> {
  const { results } = stores;
  const { episodeId } = manifest;
  const transcript = (await readTranscript(episodeId, stores)) ?? (await mergeStored(manifest, stores));
  if (transcript === undefined) return undefined;
  for (const format of TRANSCRIPT_FORMATS) {
    if (format !== 'json')
      await results.create(transcriptKey(episodeId, format), Buffer.from(formatTranscript(transcript, format)));
  }
  return transcript;
}

/** @returns the stored transcript; a damaged one counts as none. */
export async function readTranscript(episodeId: string, { results, log }: Stores): Promise<Transcript | undefined> {
  const key = transcriptKey(episodeId, 'json');
  const transcript = await readOrDrop(results, key, transcriptSchema, MAX_TRANSCRIPT_BYTES, log);
  if (transcript === undefined || transcript.episodeId === episodeId) return transcript;
  const message = `"${key}" is the transcript of another episode, "${transcript.episodeId}". Delete it, and publish the episode again.`;
  throw new PermanentError('invalid-artifact', message);
}

/** Merges and stores. @returns what is stored then: another replica's, where it was faster. */
async function mergeStored(manifest: Manifest, stores: Stores): Promise<Transcript | undefined> {
  const chunks = await readChunks(manifest, stores);
  if (chunks === undefined) return undefined;
  const merged = mergeTranscript(manifest, chunks);
  const key = transcriptKey(manifest.episodeId, 'json');
  const { created } = await createJson(stores.results, key, transcriptSchema, merged);
  if (created) stores.observer?.transcribed(merged.coverage);
  return created ? merged : ((await readTranscript(manifest.episodeId, stores)) ?? merged);
}

async function readChunks(
  manifest: Manifest,
  { results, log }: Stores,
): Promise<(ChunkTranscript | undefined)[] | undefined> {
  const cut = cutOf(manifest);
  const spoken = manifest.chunks.filter(({ silent }) => !silent);
  const gate = new Gate(READS_AT_ONCE);
  const chunks = await inParallel(spoken, { gate, signal: new AbortController().signal }, ({ index }) =>
    readOrDrop(
      results,
      chunkTranscriptKey(manifest.episodeId, cut, index),
      chunkTranscriptSchema,
      MAX_CHUNK_BYTES,
      log,
    ),
  );
  return chunks.includes(undefined) ? undefined : chunks;
}
