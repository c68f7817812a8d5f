import {
  chunkAudioKey,
  chunkTranscriptKey,
  languageKey,
  manifestKey,
  transcriptKey,
} from '#shared/contracts/artifact-keys';
import { CHUNK_PENDING, type EpisodeState } from '#shared/contracts/episode-state';
import { downloaded, isFinished, uncut, withStored } from '#shared/contracts/episode-transitions';
import type { TranscribeJob } from '#shared/contracts/jobs';
import {
  chunkSeconds,
  type ChunkPlan,
  cutOf,
  type Manifest,
  manifestSchema,
  type ResolvedOptions,
  SAMPLE_RATE,
} from '#shared/contracts/manifest';
import { transcribeQueue } from '#shared/contracts/names';
import type { JobPlace } from '#shared/contracts/subjects';
import { readOrDrop } from '#shared/storage/read-or-drop';
import { completeEpisode, type Stores } from './complete-episode.ts';
import { nextPlace } from './next-place.ts';
import { MAX_MANIFEST_BYTES, storedChunks } from './rebuild-state.ts';

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
  const { results } = stores;
  if (await results.head(transcriptKey(episodeId, 'json'))) {
    await completeEpisode(episodeId, stores, round);
    return true;
  }
  const chunks = await storedChunks(manifest, results);
  const pending = pendingChunks(manifest, chunks);
  for (const chunk of pending) {
    if ((await stores.audio.head(audioKey(manifest, chunk))) !== undefined) continue;
    // Audio goes when the transcript is complete: somebody may have completed it since it was looked for.
    if ((await results.head(transcriptKey(episodeId, 'json'))) === undefined) return false;
    await completeEpisode(episodeId, stores, round);
    return true;
  }
  const publish = await beginTranscription(manifest, chunks, stores, round, options);
  for (const chunk of pending) await publish(chunk);
  return true;
}

/** @param chunks from `storedChunks`. */
export function pendingChunks(manifest: Manifest, chunks: string): ChunkPlan[] {
  return manifest.chunks.filter(({ index }) => chunks[index] === CHUNK_PENDING);
}

/**
 * Tells state and listeners how an episode is cut, and completes it where no chunk is pending.
 * @param chunks from `storedChunks`, read after the manifest was stored.
 * @returns publishes the job of a pending chunk, whose audio has to be there by then.
 */
export async function beginTranscription(
  manifest: Manifest,
  chunks: string,
  stores: Stores,
  round: string,
  options: ResolvedOptions,
): Promise<(chunk: ChunkPlan) => Promise<void>> {
  const { episodeId } = manifest;
  const { episodes, publisher, log } = stores;
  const now = new Date().toISOString();
  await episodes.update(episodeId, (known) => known && cut(known, manifest, chunks, now));
  const count = manifest.chunks.length;
  await publisher.event({
    v: 1,
    episodeId,
    type: 'downloaded',
    at: now,
    chunks: count,
    seconds: manifest.samples / SAMPLE_RATE,
  });
  const pending = pendingChunks(manifest, chunks).length;
  log.info({ episodeId, chunks: count, pending }, 'Episode is cut');
  if (pending === 0) await completeEpisode(episodeId, stores, round);
  return async (chunk) => {
    // Somebody may bump the episode while its audio is being stored.
    const place = nextPlace(manifest, await episodes.get(episodeId));
    await publishChunk(manifest, options, chunk, place, stores, round);
  };
}

function cut(state: EpisodeState, manifest: Manifest, chunks: string, now: string): EpisodeState | undefined {
  if (state.status === 'summarizing' || isFinished(state.status)) return undefined;
  const audio = {
    cut: cutOf(manifest),
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
  place: JobPlace,
  { publisher }: Stores,
  round: string,
): Promise<void> {
  const { episodeId } = manifest;
  const job: TranscribeJob = {
    v: 1,
    episodeId,
    lane: place.lane,
    cut: cutOf(manifest),
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
  await publisher.job(transcribeQueue(options.provider), job, { ...place, episodeId, messageId });
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

export function audioKey(manifest: Manifest, chunk: ChunkPlan): string {
  return chunkAudioKey(manifest.episodeId, cutOf(manifest), chunk.index, manifest.options.provider);
}

/**
 * Forgets how an episode was cut: its next download starts from nothing. Transcripts of its chunks stay: should the same
 * bytes come again, they are found again.
 */
export async function forgetCut(manifest: Manifest, { results, episodes, log }: Stores): Promise<void> {
  const { episodeId } = manifest;
  await episodes.update(episodeId, (state) => state && uncut(state, cutOf(manifest)));
  // Another replica may have cut the episode anew meanwhile.
  const now = await readOrDrop(results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES, log);
  if (now !== undefined && cutOf(now) === cutOf(manifest)) await results.delete(manifestKey(episodeId));
}

/** Removes what was transcribed of a cut nobody works on any more. */
export async function dropCut(manifest: Manifest, { results }: Stores): Promise<void> {
  const { episodeId, chunks } = manifest;
  for (const { index } of chunks) await results.delete(chunkTranscriptKey(episodeId, cutOf(manifest), index));
  await results.delete(languageKey(episodeId, cutOf(manifest)));
}
