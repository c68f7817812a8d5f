import { chunkSeconds, type ChunkPlan, type ResolvedOptions, SAMPLE_RATE } from '#shared/contracts/manifest';
import type { JobContext } from '#shared/jetstream/job-context';
import { inSpan } from '#shared/observability/spans';
import { Gate } from '#shared/parallel/gate';
import { inParallel } from '#shared/parallel/in-parallel';
import type { Stores } from '#shared/transcription/complete-episode';
import { audioKey, beginTranscription, pendingChunks } from '#shared/transcription/continue-episode';
import { AUTO } from '#shared/transcription/language';
import { storedChunks } from '#shared/transcription/rebuild-state';
import { encodeChunk } from './audio/encode-chunk.ts';
import type { CutEpisode } from './cut-episode.ts';
import type { DownloadWork } from './downloader.handler.ts';
import { reportProgress } from './report-progress.ts';

/** One is encoded while another is stored; no more, since on a busy replica other episodes use the other cores. */
const CHUNKS_AT_ONCE = 2;

/**
 * Stores the audio of the chunks nobody has transcribed yet, and publishes each as soon as its audio is there: the first is
 * transcribed while the last is encoded. Where the language is to be found out, all audio comes first: it is listened for
 * in several places of the episode.
 * Round and options: see `continueEpisode`.
 */
export async function handOnChunks(
  { manifest, pcm }: CutEpisode,
  stores: Stores,
  { round, options }: { round: string; options: ResolvedOptions },
  { signal: stop }: Pick<JobContext, 'signal'>,
  work: Pick<DownloadWork, 'progress'>,
): Promise<void> {
  const chunks = await storedChunks(manifest, stores.results);
  const publish = await beginTranscription(manifest, chunks, stores, round, options);
  const pending = pendingChunks(manifest, chunks);
  const atOnce = options.language !== AUTO;
  const report = reportProgress(manifest.episodeId, work);
  const format = manifest.options.provider === 'whisper' ? 'flac' : 'opus';
  let done = 0;
  const handOn = async (chunk: ChunkPlan, _: number, signal: AbortSignal): Promise<void> => {
    const key = audioKey(manifest, chunk);
    // An earlier delivery may have come so far: the key names the cut, so what is there is what would be made.
    if ((await stores.audio.head(key)) === undefined) {
      await stores.audio.put(key, encodeChunk(pcm, chunk, format, { signal }), { signal });
    }
    if (atOnce) await publish(chunk);
    done += chunkSeconds(chunk);
    report('cut', done, manifest.samples / SAMPLE_RATE);
  };
  const gate = new Gate(CHUNKS_AT_ONCE);
  await inSpan('cut', { 'podline.chunks': pending.length }, async () => {
    // The first alone: an engine waits for it, and two share what the disk and the cores give.
    await inParallel(pending.slice(0, 1), { gate, signal: stop }, handOn);
    await inParallel(pending.slice(1), { gate, signal: stop }, handOn);
  });
  if (!atOnce) for (const chunk of pending) await publish(chunk);
}
