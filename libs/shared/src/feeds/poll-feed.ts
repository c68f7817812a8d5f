import { publishDownload } from '#shared/client/publish-download';
import { HOUR, SECOND } from '#shared/config/defaults';
import type { Feed, FeedPoll } from '#shared/contracts/feed';
import { BatchOrder } from '#shared/contracts/turn';
import { classify, CancelledError, RetryableError } from '#shared/errors';
import type { Publisher } from '#shared/jetstream/publish';
import type { EpisodeStore } from '#shared/storage/episode-store';
import type { FeedStore } from '#shared/storage/feed-store';
import { decodeFeed } from './decode-feed.ts';
import { episodeIdOfItem, episodeOfItem } from './episode-of-item.ts';
import type { ParsedFeed } from './feed-item.ts';
import type { FetchFeed, FetchedFeed } from './fetch-feed.ts';
import { KnownItems } from './known-items.ts';
import { type MarkedItem, markItems } from './mark-items.ts';
import { parseFeed } from './parse-feed.ts';
import { selectItems } from './select-items.ts';

export interface FeedPoller {
  feeds: FeedStore;
  episodes: EpisodeStore;
  publisher: Publisher;
  fetch: FetchFeed;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface PollResult {
  feedId: string;
  title?: string | undefined;
  outcome: 'ok' | 'not-modified' | 'failed';
  /** Episodes in the feed; undefined where it was not read. */
  items?: number | undefined;
  published: { episodeId: string; title?: string | undefined }[];
  /** New items that are the audio of an episode another item or feed has published. */
  duplicates: number;
  unreadable: number;
  error?: FeedPoll['error'];
}

/** Longest time between two polls of a feed that fails, in milliseconds. */
const LONGEST_BACK_OFF = 24 * HOUR;

/**
 * Looks once for new episodes of a feed and publishes them. What was published is noted before the feed counts as polled,
 * so that a crash in between publishes again what the downloader then knows, and loses nothing.
 * @throws CancelledError when the signal aborts; all other trouble becomes the feed's error, and a longer wait.
 */
export async function pollFeed(feed: Feed, poller: FeedPoller, signal: AbortSignal): Promise<PollResult> {
  const known = { etag: feed.poll.etag, lastModified: feed.poll.lastModified };
  const result: PollResult = {
    feedId: feed.feedId,
    title: feed.title,
    outcome: 'ok',
    published: [],
    duplicates: 0,
    unreadable: 0,
  };
  try {
    const fetched = await poller.fetch(feed.url, feed.poll.primed ? known : {}, signal);
    if (fetched === 'not-modified') {
      await poller.feeds.update(feed.feedId, (now) => now && withSuccess(now, poller.now(), 0, {}));
      return { ...result, outcome: 'not-modified' };
    }
    const parsed = await parseFeed(decodeFeed(fetched.bytes, fetched.charset), fetched.finalUrl);
    await publishNew(feed, parsed, poller, result);
    await poller.feeds.update(
      feed.feedId,
      (now) => now && withSuccess(now, poller.now(), result.published.length, whatWasRead(parsed, fetched)),
    );
    return { ...result, title: parsed.title ?? feed.title };
  } catch (thrown) {
    if (signal.aborted) throw new CancelledError('The poll was stopped.', { cause: thrown });
    const { reason, message } = classify(thrown);
    const error = { reason, message: message.slice(0, 500) };
    const delayMs = thrown instanceof RetryableError ? (thrown.delayMs ?? 0) : 0;
    await poller.feeds.update(feed.feedId, (now) => now && withFailure(now, poller.now(), error, delayMs));
    return { ...result, outcome: 'failed', error };
  }
}

async function publishNew(feed: Feed, parsed: ParsedFeed, poller: FeedPoller, result: PollResult): Promise<void> {
  const items = markItems(parsed.items);
  result.items = items.length;
  result.unreadable = parsed.unreadable;
  const order = new BatchOrder();
  const known = new KnownItems(await poller.feeds.marks(feed.feedId));
  try {
    for (const item of selectItems(items, feed)) {
      if (!known.has(item.marks))
        await publishItem(item, { ...feed, language: parsed.language }, order, poller, result);
      known.add(item.marks);
    }
    // Oldest first, since the marks noted first are the first to go. What is known by one mark is known by all from now on.
    for (const item of items.toReversed()) known.add(item.marks);
  } finally {
    if (known.changed) await poller.feeds.saveMarks(feed.feedId, known.toString());
  }
}

async function publishItem(
  item: MarkedItem,
  feed: Feed,
  order: BatchOrder,
  poller: FeedPoller,
  result: PollResult,
): Promise<void> {
  const episodeId = episodeIdOfItem(item, feed.url);
  if ((await poller.feeds.claimAudio(item.audioKey, episodeId)) !== episodeId) {
    result.duplicates++;
    return;
  }
  const request = { ...episodeOfItem(item, feed, feed.settings), ...order.next(item) };
  const messageId = `feed:${feed.feedId}:${episodeId}`;
  await publishDownload(poller, { episodeId, request, messageId, now: poller.now() });
  result.published.push({ episodeId, title: item.title });
}

/** A feed that was cut off is fetched again whole: its validators are not kept. */
function whatWasRead(
  parsed: ParsedFeed,
  { etag, lastModified }: FetchedFeed,
): Partial<Feed> & { read: Partial<FeedPoll> } {
  const validators = parsed.complete ? { etag, lastModified } : {};
  return {
    ...(parsed.title === undefined ? {} : { title: parsed.title }),
    ...(parsed.language === undefined ? {} : { language: parsed.language }),
    read: { items: parsed.items.length, primed: true, etag: undefined, lastModified: undefined, ...validators },
  };
}

function withSuccess(
  feed: Feed,
  now: number,
  published: number,
  { read = {}, ...about }: Partial<Feed> & { read?: Partial<FeedPoll> },
): Feed {
  const { error: _solved, ...poll } = feed.poll;
  return {
    ...feed,
    ...about,
    poll: {
      ...poll,
      ...read,
      at: iso(now),
      next: iso(now + spread(feed.everySeconds * SECOND)),
      published: poll.published + published,
      failures: 0,
    },
  };
}

/** Doubles the wait with each failure, up to a day; a server that says when to come back is asked then. */
function withFailure(feed: Feed, now: number, error: FeedPoll['error'], askedMs: number): Feed {
  const failures = feed.poll.failures + 1;
  const wait = Math.min(LONGEST_BACK_OFF, feed.everySeconds * SECOND * 2 ** Math.min(failures, 20));
  return {
    ...feed,
    poll: { ...feed.poll, at: iso(now), next: iso(now + Math.max(askedMs, spread(wait))), failures, error },
  };
}

/** Up to a tenth more, so that feeds added together are not polled together for ever. */
const spread = (ms: number): number => ms * (1 + Math.random() / 10);

const iso = (ms: number): string => new Date(ms).toISOString();
