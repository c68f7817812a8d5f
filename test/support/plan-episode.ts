import { manifestKey } from '#shared/contracts/artifact-keys';
import { accepted } from '#shared/contracts/episode-transitions';
import { type Manifest, manifestSchema } from '#shared/contracts/manifest';
import { createJson } from '#shared/storage/json-blobs';
import { audioKey, continueEpisode } from '#shared/transcription/continue-episode';
import type { StartedStores } from './start-stores.ts';

type TestStores = StartedStores['stores'];

/** An episode whose cut is decided, and none of whose audio is stored. */
export async function planEpisode(stores: TestStores, manifest: Manifest): Promise<void> {
  const { episodeId, request } = manifest;
  const now = '2026-01-01T00:00:00.000Z';
  await stores.episodes.update(episodeId, (state) => accepted(state, { request, episodeId, lane: 'normal', now }));
  await createJson(stores.results, manifestKey(episodeId), manifestSchema, manifest);
}

/**
 * An episode as the downloader leaves it: its audio is stored, and its jobs are published.
 * @param round as of {@link continueEpisode}.
 */
export async function cutEpisode(stores: TestStores, manifest: Manifest, round = '1'): Promise<void> {
  for (const chunk of manifest.chunks) await stores.audio.put(audioKey(manifest, chunk), Buffer.from('audio'));
  await planEpisode(stores, manifest);
  await continueEpisode(manifest, stores, round);
}
