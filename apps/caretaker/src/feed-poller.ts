import type { CaretakerConfig } from '#shared/config/caretaker';
import { DEFAULTS } from '#shared/config/defaults';
import { feedFetcher } from '#shared/feeds/fetch-feed';
import { keepPolling } from '#shared/feeds/poll-due-feeds';
import { allowList } from '#shared/http/allow-list';
import type { Runtime } from '#shared/service/runtime';
import { FeedStore } from '#shared/storage/feed-store';
import type { Duty } from './duty.ts';

/** Publishes the new episodes of the feeds podline follows. */
export async function startFeedPoller({
  config,
  connection,
  episodes,
  publisher,
  log,
}: Runtime<CaretakerConfig>): Promise<Duty> {
  const allow = allowList(config.DOWNLOAD_ALLOW_HOSTS, 'DOWNLOAD_ALLOW_HOSTS');
  const polling = keepPolling(
    { feeds: new FeedStore(connection), episodes, publisher, fetch: feedFetcher(allow), now: Date.now },
    { concurrency: config.FEED_CONCURRENCY, everyMs: DEFAULTS.feeds.lookMs, log },
  );
  return { name: 'feeds', ready: () => true, stop: polling.stop };
}
