import { MINUTE } from '#shared/config/defaults';
import type { Feed } from '#shared/contracts/feed';
import { asError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { type FeedPoller, pollFeed, type PollResult } from './poll-feed.ts';

/** How long nobody else polls a feed whose poll has begun, in milliseconds: fetching it takes two minutes at most. */
const TURN_MS = 10 * MINUTE;

/**
 * Polls the feeds whose time has come, several at once. Each is taken by a compare-and-set, so that of two caretakers one
 * polls it.
 * @returns what came of those that were polled here.
 */
export async function pollDueFeeds(
  poller: FeedPoller,
  concurrency: number,
  signal: AbortSignal,
  log: Log,
): Promise<PollResult[]> {
  const due = (await poller.feeds.list()).filter(({ poll }) => Date.parse(poll.next) <= poller.now());
  const results: PollResult[] = [];
  const work = async (): Promise<void> => {
    for (let feed = due.shift(); feed !== undefined && !signal.aborted; feed = due.shift()) {
      const mine = await takeTurn(feed, poller);
      if (mine === undefined) continue;
      const result = await pollFeed(mine, poller, signal);
      report(result, log);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

/** @returns the feed as it stands, or undefined where somebody else has begun to poll it. */
async function takeTurn({ feedId, poll }: Feed, { feeds, now }: FeedPoller): Promise<Feed | undefined> {
  const turn = new Date(now() + TURN_MS).toISOString();
  let before: Feed | undefined;
  await feeds.update(feedId, (feed) => {
    before = feed?.poll.next === poll.next ? feed : undefined;
    return before && { ...before, poll: { ...before.poll, next: turn } };
  });
  return before;
}

function report({ feedId, title, outcome, published, error, duplicates, unreadable }: PollResult, log: Log): void {
  if (outcome === 'failed') log.warn({ feedId, title, ...error }, 'Feed could not be polled; trying again later');
  else if (published.length > 0) {
    log.info(
      { feedId, title, published: published.length, duplicates, unreadable },
      'Published new episodes of a feed',
    );
  }
}

/** Polls what is due again and again, until it is stopped. */
export function keepPolling(
  poller: FeedPoller,
  { concurrency, everyMs, log }: { concurrency: number; everyMs: number; log: Log },
): { stop: () => Promise<void> } {
  const stop = new AbortController();
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const round = async (): Promise<void> => {
    try {
      await pollDueFeeds(poller, concurrency, stop.signal, log);
    } catch (error) {
      if (!stop.signal.aborted)
        log.warn({ err: asError(error).message }, 'Could not look for feeds to poll; trying again');
    }
    if (!stop.signal.aborted) timer = setTimeout(next, everyMs);
  };
  const next = (): void => {
    running = round();
  };
  next();
  return {
    stop: async () => {
      stop.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
