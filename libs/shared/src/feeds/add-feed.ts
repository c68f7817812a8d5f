import { DEFAULTS } from '#shared/config/defaults';
import { type Feed, feedIdOf, type FeedSelection, type FeedSettings } from '#shared/contracts/feed';
import type { FeedStore } from '#shared/storage/feed-store';

/** What a feed is to be followed with; what is not given stays as it is, or is the default. */
export interface FeedWish {
  url: string;
  title?: string | undefined;
  everySeconds?: number | undefined;
  select: FeedSelection;
  settings: FeedSettings;
}

/**
 * Follows a feed, or changes how one is followed that is known already.
 * @returns the feed, and whether it is new.
 */
export async function addFeed(feeds: FeedStore, wish: FeedWish, now: number): Promise<{ feed: Feed; added: boolean }> {
  const feedId = feedIdOf(wish.url);
  const at = new Date(now).toISOString();
  let added = false;
  const feed = await feeds.update(feedId, (known) => {
    added = known === undefined;
    const base: Feed = known ?? {
      v: 1,
      feedId,
      url: wish.url,
      ...(wish.title === undefined ? {} : { title: wish.title.slice(0, 500) }),
      added: at,
      everySeconds: DEFAULTS.feeds.everySeconds,
      select: {},
      settings: { options: {} },
      poll: { primed: false, next: at, published: 0, failures: 0 },
    };
    const { options, ...settings } = wish.settings;
    return {
      ...base,
      // The credentials may be new.
      url: wish.url,
      everySeconds: wish.everySeconds ?? base.everySeconds,
      select: { ...base.select, ...wish.select },
      settings: { ...base.settings, ...settings, options: { ...base.settings.options, ...options } },
    };
  });
  if (feed === undefined) throw new Error(`Feed ${feedId} was not stored.`);
  return { feed, added };
}
