import { accepted } from '#shared/contracts/episode-transitions';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import type { Lane } from '#shared/contracts/names';
import { storedRequest } from '#shared/contracts/stored-request';
import type { EpisodeStore } from './episode-store.ts';

/**
 * Makes an episode visible whose job was just published, so that it can be watched and counted while it waits. A known
 * one stays as it is. Never throws: the downloader writes the same when it takes the job.
 */
export async function announceEpisode(
  episodes: EpisodeStore,
  request: EpisodeRequest,
  episodeId: string,
  lane: Lane,
): Promise<void> {
  try {
    await episodes.update(episodeId, (known) =>
      known === undefined
        ? accepted(undefined, { request: storedRequest(request), episodeId, lane, now: new Date().toISOString() })
        : undefined,
    );
  } catch {
    // Seen a moment later.
  }
}
