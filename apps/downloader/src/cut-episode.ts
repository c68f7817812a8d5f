import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { manifestKey, uploadKey } from '#shared/contracts/artifact-keys';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import {
  type ChunkPlan,
  chunkSeconds,
  type Manifest,
  manifestSchema,
  type PublisherTranscript,
  type ResolvedOptions,
  SAMPLE_RATE,
} from '#shared/contracts/manifest';
import { PermanentError } from '#shared/errors';
import type { JobContext } from '#shared/jetstream/job-context';
import { inSpan } from '#shared/observability/spans';
import { Gate } from '#shared/parallel/gate';
import { inParallel } from '#shared/parallel/in-parallel';
import { createJson, readJson } from '#shared/storage/json-blobs';
import { audioKey } from '#shared/transcription/continue-episode';
import { MAX_MANIFEST_BYTES } from '#shared/transcription/rebuild-state';
import { decode } from './audio/decode.ts';
import { type ChunkFormat, encodeChunk } from './audio/encode-chunk.ts';
import { type AudioInfo, probe } from './audio/probe.ts';
import { planChunks } from './cut/plan-chunks.ts';
import { speechMap } from './cut/speech-map.ts';
import type { DownloadWork } from './downloader.handler.ts';
import { fetchToFile } from './fetch/fetch-to-file.ts';
import { withWorkFolder } from './work-folder.ts';

/** What a chunk may hear before a cut through sound, in seconds. */
const OVERLAP_SECONDS = 2;
/** How much longer than asked for a chunk may be, so that its cut finds a pause. */
const STRETCH = 1.15;
/** One is encoded while another is stored; no more, since on a busy replica other episodes use the other cores. */
const CHUNKS_AT_ONCE = 2;

export interface EpisodeToCut {
  episodeId: string;
  /** Where the audio is, with credentials where it needs some. */
  url: string;
  /** As it is stored: without them. */
  request: EpisodeRequest;
  options: ResolvedOptions;
  /** Transcripts of the publisher that were looked at before, and why none was taken. */
  refusedTranscripts: readonly PublisherTranscript[];
}

interface SourceFile {
  path: string;
  bytes: number;
  sha256: string;
  contentType?: string | undefined;
}

/**
 * Fetches an episode, normalises it, cuts it at silences, and stores the chunks' audio; the manifest last, so that one
 * that exists has all its audio.
 * @returns the manifest that is stored: another replica's, where it was faster.
 */
export async function cutEpisode(episode: EpisodeToCut, context: JobContext, work: DownloadWork): Promise<Manifest> {
  const { config, results } = work.runtime;
  return withWorkFolder(config.WORK_DIR, async (folder) => {
    const source = await inSpan('fetch', {}, () => obtain(episode, folder, context, work));
    const info = await probe(source.path, { signal: context.signal });
    assertLength(info.seconds, config.DOWNLOAD_MAX_HOURS);
    const report = progress(episode.episodeId, work);
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
    const manifest = plan(episode, source, info, decoded);
    await inSpan('cut', { 'podline.chunks': manifest.chunks.length }, () => storeChunks(manifest, pcm, context, work));
    await createJson(results, manifestKey(episode.episodeId), manifestSchema, manifest);
    work.metrics.cut(decoded.samples / SAMPLE_RATE);
    return (await readJson(results, manifestKey(episode.episodeId), manifestSchema, MAX_MANIFEST_BYTES)) ?? manifest;
  });
}

async function obtain(
  episode: EpisodeToCut,
  folder: string,
  context: JobContext,
  work: DownloadWork,
): Promise<SourceFile> {
  const path = join(folder, 'source');
  const { config, audio } = work.runtime;
  const report = progress(episode.episodeId, work);
  if (!episode.url.startsWith('upload:')) {
    const limits = { maxBytes: config.DOWNLOAD_MAX_BYTES, allowHosts: config.DOWNLOAD_ALLOW_HOSTS };
    const measured = work.metrics.download();
    const fetched = await fetchToFile(episode.url, path, limits, {
      signal: context.signal,
      onProgress: ({ bytes, total }) => {
        measured.received(bytes);
        report('download', bytes, total);
      },
    });
    measured.done(fetched.bytes);
    return { path, ...fetched };
  }
  const sha256 = episode.url.slice('upload:'.length);
  const upload = await audio.open(uploadKey(sha256), { signal: context.signal });
  if (!upload) throw new PermanentError('upload-missing', `The upload ${sha256} is gone. Submit the file again.`);
  if (upload.info.size > config.DOWNLOAD_MAX_BYTES) {
    throw new PermanentError(
      'too-large',
      `The upload has ${upload.info.size} bytes; at most ${config.DOWNLOAD_MAX_BYTES} are taken (DOWNLOAD_MAX_BYTES).`,
    );
  }
  await pipeline(upload.bytes, createWriteStream(path), { signal: context.signal });
  return { path, bytes: (await stat(path)).size, sha256 };
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

async function storeChunks(manifest: Manifest, pcm: string, context: JobContext, work: DownloadWork): Promise<void> {
  const report = progress(manifest.episodeId, work);
  const format = manifest.options.provider === 'whisper' ? 'flac' : 'opus';
  const spoken = manifest.chunks.filter((chunk) => !chunk.silent);
  let done = 0;
  await inParallel(spoken, { gate: new Gate(CHUNKS_AT_ONCE), signal: context.signal }, async (chunk, _, signal) => {
    const key = audioKey(manifest, chunk);
    // An earlier delivery may have come so far: the key names the cut, so what is there is what would be made.
    if ((await work.runtime.audio.head(key)) === undefined) {
      await storeChunk(key, chunk, format, pcm, signal, work);
    }
    done += chunkSeconds(chunk);
    report('cut', done, manifest.samples / SAMPLE_RATE);
  });
}

async function storeChunk(
  key: string,
  chunk: ChunkPlan,
  format: ChunkFormat,
  pcm: string,
  signal: AbortSignal,
  { runtime }: DownloadWork,
): Promise<void> {
  const file = `${pcm}.${chunk.index}.${format}`;
  await encodeChunk(pcm, rangeOf(chunk), format, file, { signal });
  const encoded = createReadStream(file);
  try {
    await runtime.audio.put(key, encoded, { signal });
  } finally {
    encoded.destroy();
  }
  await rm(file);
}

const rangeOf = ({ startSample, endSample }: ChunkPlan) => ({ startSample, endSample });

function progress(episodeId: string, work: DownloadWork) {
  return (stage: 'download' | 'normalise' | 'cut', done: number, total: number | undefined): void =>
    work.progress.report({
      v: 1,
      episodeId,
      stage,
      done,
      ...(total === undefined ? {} : { total: Math.max(total, done) }),
    });
}
