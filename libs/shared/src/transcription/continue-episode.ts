import { chunkAudioKey, chunkTranscriptKey, manifestKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { CHUNK_PENDING, type EpisodeState } from '#shared/contracts/episode-state';
import { downloaded, isFinished, withStored } from '#shared/contracts/episode-transitions';
import type { TranscribeJob } from '#shared/contracts/jobs';
import {
  chunkSeconds,
  type ChunkPlan,
  type Manifest,
  type ResolvedOptions,
  SAMPLE_RATE,
} from '#shared/contracts/manifest';
import { transcribeQueue } from '#shared/contracts/names';
import { completeEpisode, type Stores } from './complete-episode.ts';
import { storedChunks } from './rebuild-state.ts';

/**
 * Sets a cut episode going from wherever it stands: jobs for the chunks without a transcript, the merge when there is
 * none to do, the summarize job when the transcript is there. Nothing finished is done again.
 * @param round makes the jobs' message ids: the same for a repetition that shall be dropped, new for one that shall not.
 * @param options who transcribes the missing chunks, and how; by default as when the episode was cut.
 * @returns false when audio of a missing chunk is gone: the episode has to be downloaded again.
 */
export async function continueEpisode(
  manifest: Manifest,
  stores: Stores,
  round: string,
  options: ResolvedOptions = manifest.options,
): Promise<boolean> {
  const { episodeId } = manifest;
  const { results, episodes, log } = stores;
  if (await results.head(transcriptKey(episodeId, 'json'))) {
    await completeEpisode(episodeId, stores, round);
    return true;
  }
  const chunks = await storedChunks(manifest, results);
  const pending = manifest.chunks.filter((chunk) => chunks[chunk.index] === CHUNK_PENDING);
  for (const chunk of pending) {
    if ((await stores.audio.head(audioKey(manifest, chunk))) !== undefined) continue;
    // Audio goes when the transcript is complete: somebody may have completed it since it was looked for.
    if ((await results.head(transcriptKey(episodeId, 'json'))) === undefined) return false;
    await completeEpisode(episodeId, stores, round);
    return true;
  }
  const now = new Date().toISOString();
  await episodes.update(episodeId, (state) => state && cut(state, manifest, chunks, now));
  await stores.publisher.event({
    v: 1,
    episodeId,
    type: 'downloaded',
    at: now,
    chunks: manifest.chunks.length,
    seconds: manifest.samples / SAMPLE_RATE,
  });
  if (pending.length === 0) await completeEpisode(episodeId, stores, round);
  for (const chunk of pending) await publishChunk(manifest, options, chunk, stores, round);
  log.info({ episodeId, chunks: manifest.chunks.length, pending: pending.length }, 'Episode is cut; chunks published');
  return true;
}

function cut(state: EpisodeState, manifest: Manifest, chunks: string, now: string): EpisodeState | undefined {
  if (state.status === 'summarizing' || isFinished(state.status)) return undefined;
  const audio = {
    seconds: manifest.samples / SAMPLE_RATE,
    silent: manifest.chunks.map((chunk) => chunk.silent),
    title: manifest.source.title,
  };
  return withStored(downloaded(state, audio, now), chunks);
}

async function publishChunk(
  manifest: Manifest,
  options: ResolvedOptions,
  chunk: ChunkPlan,
  { publisher }: Stores,
  round: string,
): Promise<void> {
  const { episodeId } = manifest;
  const job: TranscribeJob = {
    v: 1,
    episodeId,
    lane: options.lane,
    chunk: chunk.index,
    chunks: manifest.chunks.length,
    seconds: chunkSeconds(chunk),
    speech: speechOf(chunk, manifest.speech),
    audio: audioKey(manifest, chunk),
    provider: options.provider,
    model: options.model,
    language: options.language,
    ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
    decoding: options.decoding,
  };
  const messageId = `chunk:${episodeId}:${chunk.index}:${round}`;
  await publisher.job(transcribeQueue(options.provider), job, { lane: options.lane, episodeId, messageId });
}

/** The part of the episode's speech map that lies in a chunk, counted from the chunk's start, to 10 ms. */
export function speechOf(chunk: ChunkPlan, speech: Manifest['speech']): [number, number][] {
  const from = chunk.startSample / SAMPLE_RATE;
  const to = chunk.endSample / SAMPLE_RATE;
  const round = (seconds: number): number => Math.round(seconds * 100) / 100;
  return speech
    .filter(([start, end]) => end > from && start < to)
    .map(([start, end]) => [round(Math.max(start, from) - from), round(Math.min(end, to) - from)]);
}

export function audioKey(manifest: Pick<Manifest, 'episodeId' | 'source' | 'options'>, chunk: ChunkPlan): string {
  return chunkAudioKey(manifest.episodeId, manifest.source.sha256, chunk.index, manifest.options.provider);
}

/** Forgets how an episode was cut, with everything that depends on it: its next download starts from nothing. */
export async function forgetCut(manifest: Manifest, { results, episodes }: Stores): Promise<void> {
  await episodes.update(manifest.episodeId, (state) => state && { ...state, chunks: '' });
  for (const { index } of manifest.chunks) await results.delete(chunkTranscriptKey(manifest.episodeId, index));
  await results.delete(manifestKey(manifest.episodeId));
}
