import { chunkTranscriptKey, manifestKey } from '#shared/contracts/artifact-keys';
import { CHUNK_DONE, CHUNK_PENDING, type EpisodeState } from '#shared/contracts/episode-state';
import { accepted, downloaded, isFinished, withStored } from '#shared/contracts/episode-transitions';
import { cutOf, type Manifest, manifestSchema, SAMPLE_RATE } from '#shared/contracts/manifest';
import type { BlobStore } from '#shared/storage/blob-store';
import type { EpisodeStore } from '#shared/storage/episode-store';
import type { Log } from '#shared/observability/log';
import { readOrDrop } from '#shared/storage/read-or-drop';

/** A 6-hour episode's manifest is under 1 MB; hostile ones are not read. */
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

/**
 * Makes an episode's state anew from what is stored, where somebody deleted the state: artifacts are the truth, the
 * state only counts them. @returns undefined when there is no manifest either.
 */
export async function rebuildState(
  episodeId: string,
  episodes: EpisodeStore,
  results: BlobStore,
  log: Pick<Log, 'warn'>,
): Promise<EpisodeState | undefined> {
  const manifest = await readOrDrop(results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES, log);
  if (manifest === undefined) return undefined;
  const chunks = await storedChunks(manifest, results);
  const now = new Date().toISOString();
  return episodes.update(episodeId, (state) => {
    const base =
      state ?? accepted(undefined, { request: manifest.request, episodeId, lane: manifest.options.lane, now });
    const audio = {
      cut: cutOf(manifest),
      seconds: manifest.samples / SAMPLE_RATE,
      silent: manifest.chunks.map((chunk) => chunk.silent),
      title: manifest.source.title,
    };
    // Somebody may have gone on since storage was looked at: add what is stored, take nothing back.
    const further = base.status === 'summarizing' || isFinished(base.status);
    return withStored(further ? base : downloaded(base, audio, now), chunks);
  });
}

/** One mark a chunk: done where its transcript is stored or it holds no speech. */
export async function storedChunks(manifest: Manifest, results: BlobStore): Promise<string> {
  const cut = cutOf(manifest);
  const marks: string[] = [];
  for (const chunk of manifest.chunks) {
    const key = chunkTranscriptKey(manifest.episodeId, cut, chunk.index);
    const stored = chunk.silent || (await results.head(key)) !== undefined;
    marks.push(stored ? CHUNK_DONE : CHUNK_PENDING);
  }
  return marks.join('');
}
