import {
  audioPrefix,
  chunkTranscriptKey,
  manifestKey,
  TRANSCRIPT_FORMATS,
  transcriptKey,
} from '#shared/contracts/artifact-keys';
import { type ChunkTranscript, chunkTranscriptSchema } from '#shared/contracts/chunk-transcript';
import { transcribed } from '#shared/contracts/episode-transitions';
import type { SummarizeJob } from '#shared/contracts/jobs';
import { type Manifest, manifestSchema, SAMPLE_RATE } from '#shared/contracts/manifest';
import { transcriptSchema } from '#shared/contracts/transcript';
import { asError, PermanentError } from '#shared/errors';
import type { Runtime } from '#shared/service/runtime';
import { createJson, readJson } from '#shared/storage/json-blobs';
import { formatTranscript } from './formats/format-transcript.ts';
import { mergeTranscript } from './merge.ts';
import { MAX_MANIFEST_BYTES } from './rebuild-state.ts';

/** A chunk's transcript with word times is about 100 KB; a broken engine's is not read whole. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

export type Stores = Pick<Runtime, 'audio' | 'results' | 'episodes' | 'publisher' | 'log'> &
  Partial<Pick<Runtime, 'observer'>>;

/**
 * Merges the stored chunk transcripts, stores the transcript in every format, and hands the episode to the summarizer.
 * Running it twice, or in two replicas at once, gives the same bytes and one summarize job's worth of work.
 * @param round makes the summarize job's message id new, where it shall not be dropped as a repetition.
 */
export async function completeEpisode(episodeId: string, stores: Stores, round = ''): Promise<void> {
  const { results, episodes, publisher, observer, log } = stores;
  const manifest = await readManifest(episodeId, stores);
  const transcript = mergeTranscript(manifest, await readChunks(manifest, stores));
  for (const format of TRANSCRIPT_FORMATS) {
    const key = transcriptKey(episodeId, format);
    if (format === 'json') {
      const { created } = await createJson(results, key, transcriptSchema, transcript);
      if (created) observer?.transcribed(transcript.coverage);
    } else await results.create(key, Buffer.from(formatTranscript(transcript, format)));
  }
  await removeAudio(manifest, stores);
  const now = new Date().toISOString();
  await publisher.event({ v: 1, episodeId, type: 'transcribed', at: now, seconds: manifest.samples / SAMPLE_RATE });
  // The state last: a replica that dies before it leaves an episode that is still to be completed.
  await publishSummarizeJob(manifest, stores, round);
  await episodes.update(episodeId, (state) => state && transcribed(state, now, transcript.figures.cost));
  log.info({ episodeId, chunks: manifest.chunks.length, seconds: transcript.seconds }, 'Transcript complete');
}

async function readManifest(episodeId: string, { results }: Stores): Promise<Manifest> {
  const manifest = await readJson(results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES);
  if (manifest !== undefined) return manifest;
  throw new PermanentError('manifest-missing', `Episode ${episodeId} has no manifest. Publish the episode again.`);
}

async function readChunks(manifest: Manifest, { results }: Stores): Promise<(ChunkTranscript | undefined)[]> {
  const chunks: (ChunkTranscript | undefined)[] = [];
  for (const { index, silent } of manifest.chunks) {
    const key = chunkTranscriptKey(manifest.episodeId, index);
    const chunk = silent ? undefined : await readJson(results, key, chunkTranscriptSchema, MAX_CHUNK_BYTES);
    if (!silent && chunk === undefined) {
      throw new PermanentError(
        'chunk-missing',
        `Episode ${manifest.episodeId}: the transcript of chunk ${index} is gone. Publish the episode again.`,
      );
    }
    chunks.push(chunk);
  }
  return chunks;
}

async function publishSummarizeJob(
  { episodeId, options }: Manifest,
  { publisher }: Stores,
  round: string,
): Promise<void> {
  const { provider, model, sentences } = options.summary;
  const job: SummarizeJob = {
    v: 1,
    episodeId,
    lane: options.lane,
    provider,
    ...(model === undefined ? {} : { model }),
    ...(sentences === undefined ? {} : { sentences }),
  };
  await publisher.job('summarize', job, {
    lane: options.lane,
    episodeId,
    messageId: `summarize:${episodeId}:${round}`,
  });
}

/** Chunk audio is no longer needed; what can't be removed now is removed by its age. */
async function removeAudio(manifest: Manifest, { audio, log }: Stores): Promise<void> {
  try {
    for await (const { key } of audio.list(audioPrefix(manifest.episodeId))) await audio.delete(key);
  } catch (error) {
    log.warn({ episodeId: manifest.episodeId, err: asError(error).message }, 'Could not remove the chunks’ audio');
  }
}
