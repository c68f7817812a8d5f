import { withoutCredentials } from '#shared/contracts/without-credentials';
import type { EpisodeStore } from '#shared/storage/episode-store';

/** URL of the feed an episode is listed in, without credentials: whose budget pays for its calls. */
export async function feedOf(episodes: EpisodeStore, episodeId: string): Promise<string | undefined> {
  const feed = (await episodes.get(episodeId))?.request?.feed;
  return feed === undefined ? undefined : withoutCredentials(feed);
}
