import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestKey } from '#shared/contracts/artifact-keys';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import {
  cutOf,
  type Manifest,
  manifestSchema,
  type PublisherTranscript,
  type ResolvedOptions,
  SAMPLE_RATE,
} from '#shared/contracts/manifest';
import { PermanentError, RetryableError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import { inSpan } from '#shared/observability/spans';
import { createJson, readJson } from '#shared/storage/json-blobs';
import type { Stores } from '#shared/transcription/complete-episode';
import { forgetCut } from '#shared/transcription/continue-episode';
import { MAX_MANIFEST_BYTES } from '#shared/transcription/rebuild-state';
import { decode } from './audio/decode.ts';
import { type AudioInfo, probe } from './audio/probe.ts';
import { planChunks } from './cut/plan-chunks.ts';
import { speechMap } from './cut/speech-map.ts';
import type { DownloadWork } from './downloader.handler.ts';
import { obtainSource, type SourceFile } from './obtain-source.ts';
import { reportProgress } from './report-progress.ts';

/** What a chunk may hear before a cut through sound, in seconds. */
const OVERLAP_SECONDS = 2;
/** How much longer than asked for a chunk may be, so that its cut finds a pause. */
const STRETCH = 1.15;

export interface EpisodeToCut {
  episodeId: string;
  /** Where the audio is, with credentials where it needs some. */
  url: string;
  /** As it is stored: without them. */
  request: EpisodeRequest;
  options: ResolvedOptions;
  /** Transcripts of the publisher that were looked at before, and why none was taken. */
  refusedTranscripts: readonly PublisherTranscript[];
  /** How it was cut before, where audio of that is missing. */
  known?: Manifest | undefined;
}

/** An episode that is cut; the audio of its chunks is still to be stored. */
export interface CutEpisode {
  manifest: Manifest;
  /** File of the whole audio: 16 kHz mono s16le. */
  pcm: string;
}

/**
 * Fetches an episode, normalises it, and plans its chunks, cut at silences. The manifest is stored before their audio, so
 * that each can be handed on as soon as it is there.
 * @param folder where its files go; it has to stay until the chunks are stored.
 * @throws RetryableError `cut-elsewhere` where another replica was faster, with other audio.
 */
export async function cutEpisode(
  episode: EpisodeToCut,
  folder: string,
  context: JobContext,
  work: DownloadWork,
): Promise<CutEpisode> {
  const { config } = work.runtime;
  const report = reportProgress(episode.episodeId, work);
  const source = await inSpan('fetch', {}, () => obtainSource(episode, join(folder, 'source'), context, work));
  const info = await probe(source.path, { signal: context.signal });
  assertLength(info.seconds, config.DOWNLOAD_MAX_HOURS);
  const pcm = join(folder, 'audio.s16');
  const decoded = await inSpan('decode', {}, () =>
    decode(source.path, pcm, {
      signal: context.signal,
      maxSeconds: config.DOWNLOAD_MAX_HOURS * 3600,
      stream: info.stream,
      ...(info.seconds === undefined ? {} : { declaredSeconds: info.seconds }),
      onProgress: (seconds) => report('normalise', seconds, info.seconds),
    }),
  );
  await rm(source.path);
  const stores = { ...work.runtime, log: context.log };
  const manifest = await storeManifest(plan(episode, source, info, decoded), episode.known, stores);
  work.metrics.cut(decoded.samples / SAMPLE_RATE);
  return { manifest, pcm };
}

/**
 * Chunks belong to a cut: all replicas, and all deliveries of the job, work on the one that was stored first, unless the
 * audio is another by now. @returns its manifest.
 */
async function storeManifest(manifest: Manifest, known: Manifest | undefined, stores: Stores): Promise<Manifest> {
  const { results } = stores;
  if (known !== undefined && cutOf(known) !== cutOf(manifest)) await forgetCut(known, stores);
  const key = manifestKey(manifest.episodeId);
  const { created } = await createJson(results, key, manifestSchema, manifest);
  if (created) return manifest;
  const first = await readJson(results, key, manifestSchema, MAX_MANIFEST_BYTES);
  if (first !== undefined && cutOf(first) === cutOf(manifest)) return first;
  const message = `Episode ${manifest.episodeId} was cut by another replica meanwhile, from other audio.`;
  throw new RetryableError('cut-elsewhere', message);
}

function assertLength(seconds: number | undefined, maxHours: number): void {
  if (seconds === undefined || seconds <= maxHours * 3600) return;
  throw new PermanentError(
    'too-long',
    `The audio is ${Math.round(seconds)} s long; at most ${maxHours * 3600} s are taken (DOWNLOAD_MAX_HOURS=${maxHours}).`,
  );
}

function plan(
  { episodeId, request, options, refusedTranscripts }: EpisodeToCut,
  source: SourceFile,
  info: AudioInfo,
  { samples, levels }: { samples: number; levels: Float32Array },
): Manifest {
  const speech = speechMap(levels);
  if (speech.spans.length === 0) {
    throw new PermanentError(
      'no-speech',
      `The audio is ${Math.round(samples / SAMPLE_RATE)} s of silence: there is nothing to transcribe.`,
    );
  }
  const target = options.chunkSeconds;
  const chunks = planChunks({
    samples,
    levels,
    speech,
    targetSeconds: target,
    maxSeconds: target * STRETCH + OVERLAP_SECONDS,
    overlapSeconds: OVERLAP_SECONDS,
  });
  return {
    v: 1,
    episodeId,
    request,
    options,
    ...(refusedTranscripts.length === 0 ? {} : { publisherTranscripts: [...refusedTranscripts] }),
    source: {
      bytes: source.bytes,
      sha256: source.sha256,
      ...(source.contentType === undefined ? {} : { contentType: source.contentType }),
      codec: info.codec,
      channels: info.channels,
      sampleRate: info.sampleRate,
      container: info.container,
      ...(info.title === undefined ? {} : { title: info.title }),
    },
    samples,
    speech: speech.spans,
    chunks,
  };
}
