import { chunkTranscriptKey, manifestKey } from '#shared/contracts/artifact-keys';
import { type ChunkTranscript, chunkTranscriptSchema } from '#shared/contracts/chunk-transcript';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { allChunksDone, chunkDone, isFinished } from '#shared/contracts/episode-transitions';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { cutOf, manifestSchema } from '#shared/contracts/manifest';
import { transcribeQueue, type TranscriptionProvider } from '#shared/contracts/names';
import { PermanentError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import type { ProgressReporter } from '#shared/jetstream/progress';
import type { Runtime } from '#shared/service/runtime';
import { createJson } from '#shared/storage/json-blobs';
import { readBytesOrDrop, readOrDrop } from '#shared/storage/read-or-drop';
import { completeEpisode, removeAudio } from './complete-episode.ts';
import type { Finding } from './completeness.ts';
import type { EpisodeLanguages } from './episode-language/episode-languages.ts';
import { MAX_MANIFEST_BYTES, rebuildState } from './rebuild-state.ts';
import { sendBack } from './send-back.ts';
import { type CheckedChunk, type ChunkEngine, transcribeCompletely } from './transcribe-completely.ts';

/** Largest chunk audio a transcriber takes, in bytes: the API's limit, and more than 30 minutes of FLAC. */
const MAX_AUDIO_BYTES = 64 * 1024 * 1024;

/** Longest chunk any provider is given, in seconds. */
const LONGEST_CHUNK_SECONDS = 1800;

/** Ceiling of one delivery: the time-out of the longest chunk, and as much again for storing and merging. In ms. */
export function jobCeilingMs(config: {
  CHUNK_TIMEOUT_PER_SECOND: number;
  CHUNK_TIMEOUT_CONSTANT_SECONDS: number;
}): number {
  return 2000 * (config.CHUNK_TIMEOUT_PER_SECOND * LONGEST_CHUNK_SECONDS + config.CHUNK_TIMEOUT_CONSTANT_SECONDS);
}

/** Where a chunk waits for the engine, so that its audio can be there when the engine is free. */
export interface EnginePlace {
  /** @throws CancelledError when the signal is aborted, or the replica stops, before an engine is free. */
  enter(signal: AbortSignal): Promise<void>;
  /** Share of the work that is done, 0 to 1. */
  progress(share: number): void;
  /** The engine is free for the next chunk. */
  leave(): void;
}

export interface ChunkWork {
  runtime: Pick<Runtime, 'audio' | 'results' | 'episodes' | 'publisher' | 'log'> & Partial<Pick<Runtime, 'observer'>>;
  engine: ChunkEngine;
  /** Where chunks wait for an engine; unset where nothing but a limit keeps them waiting. */
  place?: EnginePlace | undefined;
  /** Who decides the language of episodes nobody named one for; unset, each chunk finds its own. */
  languages?: Pick<EpisodeLanguages, 'languageOf'> | undefined;
  progress: ProgressReporter;
  timeout: { perSecond: number; constantSeconds: number };
  /** What becomes of a chunk whose transcript stays incomplete. */
  incomplete: IncompletePolicy;
  observe?: (transcript: ChunkTranscript, findings: readonly Finding[]) => void;
}

export interface IncompletePolicy {
  /** Who tries it next; unset for nobody. Never the provider that has just tried. */
  fallback?: { provider: TranscriptionProvider; model: string } | undefined;
  /** In the end: `gap` keeps what there is and lists the gap, `fail` dead-letters the chunk. */
  finally: 'gap' | 'fail';
}

export function incompletePolicy(
  config: { INCOMPLETE_CHUNK: 'gap' | 'fail'; FALLBACK_TRANSCRIBE_MODEL?: string | undefined },
  fallback: TranscriptionProvider,
): IncompletePolicy {
  const model = config.FALLBACK_TRANSCRIBE_MODEL;
  return {
    finally: config.INCOMPLETE_CHUNK,
    ...(model === undefined ? {} : { fallback: { provider: fallback, model } }),
  };
}

/**
 * Transcribes one chunk, exactly once in effect: the stored transcript is looked for first, is created once, and only
 * then counted. Whoever counts the last chunk completes the episode.
 */
export async function transcribeChunk(job: TranscribeJob, context: JobContext, work: ChunkWork): Promise<void> {
  const { results, publisher } = work.runtime;
  const key = chunkTranscriptKey(job.episodeId, job.cut, job.chunk);
  if ((await results.head(key)) === undefined) {
    if (await isOutdated(job, context, work)) return;
    if ((await transcribeAndStore(job, key, context, work)) === 'elsewhere') return;
  }
  const state = await countChunk(job, context, work);
  if (state === undefined) return;
  await publisher.event({
    v: 1,
    episodeId: job.episodeId,
    type: 'chunk-done',
    at: new Date().toISOString(),
    chunk: job.chunk,
    chunks: job.chunks,
    seconds: job.seconds,
  });
  if (!allChunksDone(state)) return;
  const stores = { ...work.runtime, log: context.log };
  if (state.status === 'transcribing') {
    // An episode that went back may have had its summarize job before; this one must not be dropped as its repetition.
    await completeEpisode(job.episodeId, stores, state.returns ? `${state.returns}` : '');
  } else if (state.status === 'summarizing' || isFinished(state.status)) {
    // Whoever completed it may have died before the audio was gone.
    await removeAudio(job.episodeId, stores);
  }
}

/** @returns whether another provider has the chunk now. */
async function askFallback(job: TranscribeJob, context: JobContext, work: ChunkWork): Promise<boolean> {
  const { fallback } = work.incomplete;
  if (!fallback || fallback.provider === job.provider || job.fallback) return false;
  const next: TranscribeJob = { ...job, ...fallback, fallback: true };
  await work.runtime.publisher.job(transcribeQueue(fallback.provider), next, {
    lane: job.lane,
    turn: context.turn,
    episodeId: job.episodeId,
    messageId: `chunk:${job.episodeId}:${job.chunk}:fallback:${context.streamSequence}`,
  });
  return true;
}

/** @returns `elsewhere` when another provider has the chunk now, or the episode has to be downloaded again. */
async function transcribeAndStore(
  job: TranscribeJob,
  key: string,
  context: JobContext,
  work: ChunkWork,
): Promise<'stored' | 'elsewhere'> {
  const { audio, results } = work.runtime;
  const bytes = await readBytesOrDrop(audio, job.audio, MAX_AUDIO_BYTES, context.log);
  if (bytes === undefined) {
    // Audio goes when the episode is complete: another replica may have been faster.
    if (await results.head(key)) return 'stored';
    const what = `the audio of chunk ${job.chunk}, "${job.audio}",`;
    await sendBack(job.episodeId, { reason: 'audio-missing', what }, { ...work.runtime, log: context.log });
    return 'elsewhere';
  }
  const { transcript, findings, doubts } = await inPlace(job, bytes, context, work);
  const [first] = findings;
  if (first || doubts.length > 0) {
    context.log.warn({ findings, doubts }, 'The chunk’s transcript seems incomplete');
    if (await askFallback(job, context, work)) return 'elsewhere';
  }
  if (first && work.incomplete.finally === 'fail') {
    const message = `Chunk ${job.chunk} of episode ${job.episodeId}: ${first.message}, twice.`;
    throw new PermanentError('incomplete', message);
  }
  const { created } = await createJson(results, key, chunkTranscriptSchema, transcript);
  if (created) work.observe?.(transcript, findings);
  return 'stored';
}

/** The engine is kept until the text is found complete: a second attempt does not queue again. */
async function inPlace(
  job: TranscribeJob,
  audio: Uint8Array,
  context: JobContext,
  work: ChunkWork,
): Promise<CheckedChunk> {
  await work.place?.enter(context.signal);
  try {
    const language = (await work.languages?.languageOf(job, context)) ?? job.language;
    return await callEngine({ ...job, language }, audio, context, work);
  } finally {
    work.place?.leave();
  }
}

async function callEngine(
  job: TranscribeJob,
  audio: Uint8Array,
  context: JobContext,
  work: ChunkWork,
): Promise<CheckedChunk> {
  const report = (share: number): void => {
    work.place?.progress(share);
    work.progress.report({
      v: 1,
      episodeId: job.episodeId,
      stage: 'transcribe',
      chunk: job.chunk,
      done: share * job.seconds,
      total: job.seconds,
    });
  };
  report(0);
  const { perSecond, constantSeconds } = work.timeout;
  // A job that says it lasts for years would make a time-out no timer takes.
  const seconds = Math.min(job.seconds, 2 * LONGEST_CHUNK_SECONDS);
  return transcribeCompletely(work.engine, audio, job, {
    signal: context.signal,
    timeoutMs: 1000 * (constantSeconds + perSecond * seconds),
    onProgress: report,
  });
}

/** Whether the episode has been cut anew since the job was published: then nobody needs its chunk any more. */
async function isOutdated(job: TranscribeJob, { log }: JobContext, work: ChunkWork): Promise<boolean> {
  const { episodes, results } = work.runtime;
  if ((await episodes.get(job.episodeId))?.cut === job.cut) return false;
  const manifest = await readOrDrop(results, manifestKey(job.episodeId), manifestSchema, MAX_MANIFEST_BYTES, log);
  if (manifest === undefined || cutOf(manifest) === job.cut) return false;
  log.info({ cut: job.cut }, 'The episode was cut anew; the chunk is of no use any more');
  return true;
}

/** @returns the state with this chunk counted; undefined when the episode was cut anew meanwhile. */
async function countChunk(job: TranscribeJob, { log }: JobContext, work: ChunkWork): Promise<EpisodeState | undefined> {
  const { episodes, results } = work.runtime;
  const now = new Date().toISOString();
  const counted = await episodes.update(job.episodeId, (state) => state && chunkDone(state, job, now));
  if (counted?.cut === job.cut && job.chunk < counted.chunks.length) return counted;
  const state = await rebuildState(job.episodeId, episodes, results, log);
  if (!state && !counted)
    throw new PermanentError('unknown-episode', `Episode ${job.episodeId} has neither a state nor a manifest.`);
  return state?.cut === job.cut ? state : undefined;
}
