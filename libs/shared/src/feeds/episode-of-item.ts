import { episodeIdOf } from '#shared/contracts/episode-id';
import { type EpisodeRequest, episodeRequestSchema } from '#shared/contracts/episode-request';
import type { FeedSettings } from '#shared/contracts/feed';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import type { FeedItem } from './feed-item.ts';

/** Where an item was listed. */
export interface ItemOrigin {
  /** URL of the feed. */
  url: string;
  /** As the feed says it; what a transcript is in that does not say so itself. */
  language?: string | undefined;
}

/** The request an item is published with. The feed's address in it holds no credentials; that of the audio may. */
export function episodeOfItem(
  item: FeedItem,
  feed: ItemOrigin,
  settings: FeedSettings = { options: {} },
): EpisodeRequest {
  const transcripts = item.transcripts.map(({ language = feed.language, ...rest }) => ({ ...rest, language }));
  return episodeRequestSchema.parse({
    url: item.url,
    feed: withoutCredentials(feed.url),
    guid: item.guid,
    title: item.title,
    publishedAt: item.publishedAt,
    seconds: item.seconds,
    ...(transcripts.length === 0 ? {} : { transcripts }),
    lane: settings.lane,
    webhook: settings.webhook,
    options: settings.options,
  });
}

/** The id the item is published under, as long as its guid stays. */
export function episodeIdOfItem(item: Pick<FeedItem, 'url' | 'guid'>, feedUrl: string): string {
  return episodeIdOf({ url: item.url, feed: withoutCredentials(feedUrl), guid: item.guid });
}
