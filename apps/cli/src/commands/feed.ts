import type { Client } from '#shared/client/open-client';
import { feedSchema, type FeedSelection } from '#shared/contracts/feed';
import { parseValue } from '#shared/contracts/parse-message';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { addFeed, type FeedWish } from '#shared/feeds/add-feed';
import { type FeedPoller, pollFeed } from '#shared/feeds/poll-feed';
import { EXIT } from '../exit-codes.ts';
import { feedTable, pollLines, shownFeed } from '../feed/feed-view.ts';
import { localFetcher } from '../feed/fetch-feed-here.ts';
import { findFeed } from '../feed/find-feed.ts';
import { withSession } from '../open-session.ts';
import { wholeNumber } from '../option-values.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { feedDollars } from './budget.ts';
import { type RequestOptions, requestFields } from './submit.ts';

export interface FeedOptions extends RequestOptions {
  latest?: string;
  since?: string;
  match?: string;
  every?: string;
  budget?: string;
  json?: boolean;
}

/** Errors that more patience does not mend: such a feed is not worth following. */
const HOPELESS = [
  'not-a-feed',
  'not-found',
  'invalid-url',
  'unsupported-scheme',
  'forbidden-address',
  'host-not-found',
];

/** `podline feed add`: follows a feed and publishes what is asked for of it; a known one gets the settings given. */
export async function feedAdd(url: string, options: FeedOptions): Promise<number> {
  const wish = feedWish(url, options);
  const dollars = options.budget === undefined ? undefined : feedDollars([options.budget]);
  return withSession(async (client) => {
    // Before anything of it is published.
    if (dollars !== undefined) await client.budget.set({}, { feed: { url: withoutCredentials(url), dollars } });
    const { feed, added } = await addFeed(client.feeds, wish, Date.now());
    if (!added) {
      console.log(
        options.json ? json(shownFeed(feed)) : `${feed.feedId}  is followed already; its settings are changed.`,
      );
      return EXIT.done;
    }
    const result = await pollFeed(feed, pollerOf(client), new AbortController().signal);
    if (result.error && HOPELESS.includes(result.error.reason)) {
      await client.feeds.delete(feed.feedId);
      throw new UsageError(`${withoutCredentials(url)} is not followed: ${plainText(result.error.message, 500)}`);
    }
    console.log(options.json ? json(result) : pollLines(result).join('\n'));
    if (result.error && !options.json) console.log('It is followed all the same; podline tries again later.');
    return EXIT.done;
  });
}

/** `podline feed list` */
export async function feedList(options: { json?: boolean }): Promise<number> {
  return withSession(async ({ feeds }) => {
    const all = await feeds.list();
    console.log(options.json ? json(all.map(shownFeed)) : feedTable(all));
    return EXIT.done;
  });
}

/** `podline feed remove`: its episodes and their transcripts stay. */
export async function feedRemove(name: string): Promise<number> {
  return withSession(async (client) => {
    const feed = await findFeed(client, name);
    await client.feeds.delete(feed.feedId);
    console.log(`${feed.feedId}  ${plainText(feed.title ?? withoutCredentials(feed.url))} is not followed any more.`);
    return EXIT.done;
  });
}

/** `podline feed poll`: looks for new episodes now, in one feed or in all. Ends with 1 when a feed could not be read. */
export async function feedPoll(name: string | undefined, options: { json?: boolean }): Promise<number> {
  return withSession(async (client) => {
    const feeds = name === undefined ? await client.feeds.list() : [await findFeed(client, name)];
    const results = [];
    for (const feed of feeds) {
      const result = await pollFeed(feed, pollerOf(client), new AbortController().signal);
      results.push(result);
      if (!options.json) console.log(pollLines(result).join('\n'));
    }
    if (options.json) console.log(json(results));
    else if (feeds.length === 0) console.log(feedTable([]));
    return results.some(({ outcome }) => outcome === 'failed') ? EXIT.failed : EXIT.done;
  });
}

/** What a person wants of a feed. @throws UsageError or PermanentError naming a bad option. */
export function feedWish(url: string, options: FeedOptions): FeedWish {
  if (URL.parse(url)?.protocol.match(/^https?:$/) == null) {
    throw new UsageError(`"${withoutCredentials(url)}" is no feed address: expected http(s)://…`);
  }
  const { lane, webhook, options: episode } = requestFields(options);
  const settings = { ...(lane ? { lane } : {}), ...(webhook ? { webhook } : {}), options: episode };
  return {
    url: parseValue(feedSchema.shape.url, url),
    everySeconds: options.every === undefined ? undefined : 60 * wholeNumber('--every', options.every),
    select: selection(options),
    settings: parseValue(feedSchema.shape.settings, settings),
  };
}

function selection({ latest, since, match }: FeedOptions): FeedSelection {
  const from = since === undefined ? undefined : Date.parse(since);
  if (from !== undefined && Number.isNaN(from)) {
    throw new UsageError(`--since: expected a date such as 2026-01-31; got "${since}".`);
  }
  return {
    ...(latest === undefined ? {} : { latest: latest === '0' ? 0 : wholeNumber('--latest', latest) }),
    ...(from === undefined ? {} : { since: new Date(from).toISOString() }),
    ...(match === undefined ? {} : { match: parseValue(feedSchema.shape.select.shape.match, match) }),
  };
}

function pollerOf({ feeds, episodes, publisher }: Client): FeedPoller {
  return { feeds, episodes, publisher, fetch: localFetcher(), now: Date.now };
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
