import { audioPrefix, manifestKey } from '#shared/contracts/artifact-keys';
import { transcribed } from '#shared/contracts/episode-transitions';
import { inSpan } from '#shared/observability/spans';
import type { SummarizeJob } from '#shared/contracts/jobs';
import { type Manifest, manifestSchema, SAMPLE_RATE } from '#shared/contracts/manifest';
import { asError } from '#shared/errors';
import type { Runtime } from '#shared/service/runtime';
import { readOrDrop } from '#shared/storage/read-or-drop';
import { nextPlace } from './next-place.ts';
import { MAX_MANIFEST_BYTES } from './rebuild-state.ts';
import { sendBack } from './send-back.ts';
import { storeTranscript } from './store-transcript.ts';

export type Stores = Pick<Runtime, 'audio' | 'results' | 'episodes' | 'publisher' | 'log'> &
  Partial<Pick<Runtime, 'observer'>>;

/**
 * Merges the stored chunk transcripts, stores the transcript in every format, and hands the episode to the summarizer.
 * Running it twice, or in two replicas at once, gives the same bytes and one summarize job's worth of work. Where
 * something it needs is lost, the episode goes back to its download.
 * @param round makes the summarize job's message id new, where it shall not be dropped as a repetition.
 */
export async function completeEpisode(episodeId: string, stores: Stores, round = ''): Promise<void> {
  await inSpan('merge', { 'podline.episode': episodeId }, () => mergeAndPublish(episodeId, stores, round));
}

async function mergeAndPublish(episodeId: string, stores: Stores, round: string): Promise<void> {
  const { results, episodes, publisher, log } = stores;
  const manifest = await readOrDrop(results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES, log);
  if (manifest === undefined) return sendBack(episodeId, { reason: 'manifest-missing', what: 'its manifest' }, stores);
  const transcript = await storeTranscript(manifest, stores);
  if (transcript === undefined)
    return sendBack(episodeId, { reason: 'chunk-missing', what: 'the transcript of a chunk' }, stores);
  const now = new Date().toISOString();
  await publisher.event({ v: 1, episodeId, type: 'transcribed', at: now, seconds: manifest.samples / SAMPLE_RATE });
  // The state after the job: a replica that dies before it leaves an episode that is still to be completed.
  await publishSummarizeJob(manifest, stores, round);
  await episodes.update(episodeId, (state) => state && transcribed(state, now, transcript.figures.cost));
  await removeAudio(episodeId, stores);
  log.info({ episodeId, chunks: manifest.chunks.length, seconds: transcript.seconds }, 'Transcript complete');
}

async function publishSummarizeJob(manifest: Manifest, { publisher, episodes }: Stores, round: string): Promise<void> {
  const { episodeId, options } = manifest;
  const { provider, model, sentences } = options.summary;
  const place = nextPlace(manifest, await episodes.get(episodeId));
  const job: SummarizeJob = {
    v: 1,
    episodeId,
    lane: place.lane,
    provider,
    ...(model === undefined ? {} : { model }),
    ...(sentences === undefined ? {} : { sentences }),
  };
  await publisher.job('summarize', job, { ...place, episodeId, messageId: `summarize:${episodeId}:${round}` });
}

/** Chunk audio is no longer needed; what can't be removed now is removed by its age. */
export async function removeAudio(episodeId: string, { audio, log }: Pick<Stores, 'audio' | 'log'>): Promise<void> {
  try {
    for await (const { key } of audio.list(audioPrefix(episodeId))) await audio.delete(key);
  } catch (error) {
    log.warn({ episodeId, err: asError(error).message }, 'Could not remove the chunks’ audio');
  }
}
