import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { NatsConnection } from 'nats';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { DAY, HOUR, MINUTE } from '#shared/config/defaults';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import { type Feed, feedIdOf } from '#shared/contracts/feed';
import { jobPlaces, jobStream, jobSubject } from '#shared/contracts/subjects';
import { allowList } from '#shared/http/allow-list';
import { connectNats } from '#shared/jetstream/connect';
import { Publisher } from '#shared/jetstream/publish';
import { ensureStreams } from '#shared/jetstream/streams';
import { SILENT } from '#shared/observability/log';
import { EpisodeStore } from '#shared/storage/episode-store';
import { FeedStore } from '#shared/storage/feed-store';
import { item, rss } from '../../../../test/support/feed-corpus/corpus-feed.ts';
import { type MediaServer, startMediaServer } from '../../../../test/support/media-server.ts';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { feedFetcher } from './fetch-feed.ts';
import { pollDueFeeds } from './poll-due-feeds.ts';
import { type FeedPoller, pollFeed } from './poll-feed.ts';

jest.setTimeout(60_000);

let nats: NatsServer;
let connection: NatsConnection;
let media: MediaServer;
let poller: FeedPoller;
let now = Date.UTC(2026, 0, 10);
/** What the server answers: a status, or the feed's items. */
let answer: { status?: number; headers?: Record<string, string>; text?: string } = {};
let asked: (string | undefined)[] = [];
let count = 0;

const signal = new AbortController().signal;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'test');
  await ensureStreams(await connection.jetstreamManager(), streamConfigSchema.parse({ JOBS_MAX_BYTES: '64Mi' }));
  const route = (request: { headers: Record<string, unknown> }, response: ServerResponse): void => {
    asked.push(request.headers['if-none-match'] as string | undefined);
    const fresh = answer.headers?.['etag'] === undefined || request.headers['if-none-match'] !== answer.headers['etag'];
    response.writeHead(fresh ? (answer.status ?? 200) : 304, answer.headers).end(fresh ? answer.text : undefined);
  };
  media = await startMediaServer(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`/${at}.xml`, route])));
  poller = {
    feeds: new FeedStore(connection),
    episodes: new EpisodeStore(connection),
    publisher: new Publisher(connection.jetstream()),
    fetch: feedFetcher(allowList([media.host], 'DOWNLOAD_ALLOW_HOSTS')),
    now: () => now,
  };
});

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
  await media?.close();
});

beforeEach(async () => {
  answer = {};
  asked = [];
  for (const { feedId } of await poller.feeds.list()) await poller.feeds.delete(feedId);
  await (await connection.jetstreamManager()).streams.purge(jobStream('download'));
});

/** A feed of its own for each test, followed from now on. */
async function follow(change: Partial<Feed> = {}): Promise<string> {
  const url = media.url(`/${count++}.xml`);
  const feedId = feedIdOf(url);
  await poller.feeds.update(feedId, () => ({
    v: 1,
    feedId,
    url,
    added: new Date(now).toISOString(),
    everySeconds: 3600,
    select: {},
    settings: { options: {} },
    poll: { primed: false, next: new Date(now).toISOString(), published: 0, failures: 0 },
    ...change,
  }));
  return feedId;
}

const feedOf = async (feedId: string): Promise<Feed> => {
  const feed = await poller.feeds.get(feedId);
  if (!feed) throw new Error(`There is no feed ${feedId}.`);
  return feed;
};

const poll = async (feedId: string, with_: FeedPoller = poller) => pollFeed(await feedOf(feedId), with_, signal);

/** An episode of this test's show; `name` makes its guid, title and audio. */
const episode = (name: string, { guid = name, title = name, url = `https://cdn.example/${count}/${name}.mp3` } = {}) =>
  item(`<title>${title}</title><guid>${guid}</guid><pubDate>Mon, 05 Jan 2026 06:00:00 GMT</pubDate>`, url);

async function published(): Promise<EpisodeRequest[]> {
  const jsm = await connection.jetstreamManager();
  const { state } = await jsm.streams.info(jobStream('download'));
  const requests: EpisodeRequest[] = [];
  for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq++) {
    const message = await jsm.streams.getMessage(jobStream('download'), { seq });
    requests.push(message.json());
  }
  return requests;
}

/** Titles in the order in which slots take them, but for what has waited long: turn by turn. */
async function inOrder(): Promise<(string | undefined)[]> {
  const jsm = await connection.jetstreamManager();
  const { state } = await jsm.streams.info(jobStream('download'));
  const messages = await Promise.all(
    Array.from({ length: state.messages }, (_, index) =>
      jsm.streams.getMessage(jobStream('download'), { seq: state.first_seq + index }),
    ),
  );
  return jobPlaces('download').flatMap(({ lane, turn }) =>
    messages
      .filter(({ subject }) => subject === jobSubject('download', lane, turn))
      .map((message) => message.json<EpisodeRequest>().title),
  );
}

const titles = async (): Promise<(string | undefined)[]> => (await published()).map(({ title }) => title);

describe('pollFeed', () => {
  test('has a feed with a hundred new episodes hold up no other: their turns get later and later', async () => {
    const many = await follow({ select: { latest: 100 } });
    answer.text = rss(Array.from({ length: 100 }, (_, index) => episode(`many-${index}`)).join(''));
    await poll(many);
    const other = await follow();
    answer.text = rss(episode('other'));
    await poll(other);
    const order = await inOrder();
    expect(order).toHaveLength(101);
    // Each counts as 40 minutes for those behind it, and an eighth of that ahead may be 20 minutes in the first turn.
    expect(order.indexOf('other')).toBe(5);
    expect((await published()).map(({ ahead }) => ahead).slice(0, 3)).toEqual([undefined, 2400, 4800]);
  });

  test('publishes the newest episode of a new feed, then every new one, each once', async () => {
    const feedId = await follow();
    answer.text = rss(episode('b') + episode('a'));
    expect(await poll(feedId)).toMatchObject({ outcome: 'ok', items: 2, published: [{ title: 'b' }] });
    expect((await poll(feedId)).published).toEqual([]);
    answer.text = rss(episode('c') + episode('b') + episode('a'));
    expect((await poll(feedId)).published).toMatchObject([{ title: 'c' }]);
    expect(await titles()).toEqual(['b', 'c']);
    expect(await feedOf(feedId)).toMatchObject({ title: 'Show', poll: { primed: true, items: 3, published: 2 } });
  });

  test('an episode that waits has a state, so that it is counted, and known where its queue is lost', async () => {
    const feedId = await follow();
    answer.text = rss(episode('waits'));
    const [first] = (await poll(feedId)).published;
    const state = await poller.episodes.get(first?.episodeId ?? '');
    expect(state).toMatchObject({ status: 'accepted', lane: 'normal', request: { title: 'waits' } });
  });

  test('publishes with the settings of the feed', async () => {
    const options = { language: 'de', prompt: 'Wattenmeer, Pellworm', provider: 'openai' as const };
    const feedId = await follow({ settings: { lane: 'bulk', options } });
    answer.text = rss(
      episode('a').replace(
        '<enclosure',
        '<itunes:duration>90</itunes:duration><podcast:transcript url="/a.vtt" type="text/vtt"/><enclosure',
      ),
      { head: '<title>Show</title><language>de-de</language>' },
    );
    await poll(feedId);
    const [request] = await published();
    expect(request).toMatchObject({
      lane: 'bulk',
      options,
      guid: 'a',
      seconds: 90,
      feed: (await feedOf(feedId)).url,
      transcripts: [{ url: media.url('/a.vtt'), type: 'text/vtt', language: 'de-de' }],
    });
  });

  test('does not fetch again what has not changed', async () => {
    const feedId = await follow();
    answer = { text: rss(episode('a')), headers: { etag: '"1"' } };
    await poll(feedId);
    expect((await poll(feedId)).outcome).toBe('not-modified');
    expect(asked).toEqual([undefined, '"1"']);
  });

  test('takes an episode with another guid, other audio or another title for the one it is', async () => {
    const feedId = await follow({ select: { latest: 9 } });
    answer.text = rss(episode('a'));
    await poll(feedId);
    for (const changed of [
      episode('a', { guid: 'new' }),
      episode('a', { guid: 'new', url: 'https://cdn.example/remastered.mp3' }),
      episode('a', { guid: 'newer', title: 'A', url: 'https://cdn.example/remastered.mp3?token=1' }),
      episode('a', { guid: 'newer', title: 'Aha', url: 'https://other.example/a.mp3' }),
    ]) {
      answer.text = rss(changed);
      expect((await poll(feedId)).published).toEqual([]);
    }
    expect(await titles()).toEqual(['a']);
  });

  test('recognises audio another feed has brought, and an item listed twice', async () => {
    const url = 'https://cdn.example/shared.mp3';
    answer.text = rss(episode('a', { url }) + episode('again', { url }));
    await poll(await follow({ select: { latest: 9 } }));
    answer.text = rss(episode('network', { url: `https://pdst.fm/e/${url.slice(8)}?ref=network` }));
    expect(await poll(await follow())).toMatchObject({ published: [], duplicates: 1 });
    expect(await titles()).toEqual(['a']);
  });

  test('waits longer with each failure, as long as a server asks, and says what is wrong', async () => {
    const feedId = await follow();
    answer = { status: 503 };
    const waits: number[] = [];
    for (let failure = 1; failure <= 7; failure++) {
      expect((await poll(feedId)).error?.reason).toBe('server-error');
      waits.push(Date.parse((await feedOf(feedId)).poll.next) - now);
    }
    expect(waits[0]).toBeGreaterThanOrEqual(2 * HOUR);
    expect(waits.every((wait, at) => wait > (waits[at - 1] ?? 0) || wait >= DAY)).toBe(true);
    expect(waits.at(-1)).toBeLessThanOrEqual(1.1 * DAY);
    answer = { status: 429, headers: { 'retry-after': '200000' } };
    await poll(feedId);
    expect(Date.parse((await feedOf(feedId)).poll.next) - now).toBeLessThanOrEqual(1.1 * DAY);
    expect((await feedOf(feedId)).poll).toMatchObject({ failures: 8, error: { reason: 'throttled' } });
    answer = { text: '<html>' };
    expect((await poll(feedId)).error?.reason).toBe('not-a-feed');
    answer = { text: rss(episode('a')) };
    await poll(feedId);
    expect((await feedOf(feedId)).poll).toMatchObject({ failures: 0, published: 1 });
    expect((await feedOf(feedId)).poll.error).toBeUndefined();
  });

  test('fetches a feed again that was cut off, and publishes what it had', async () => {
    const feedId = await follow({ select: { latest: 9 } });
    const whole = rss(episode('b') + episode('a'));
    answer = { text: whole.slice(0, -80), headers: { etag: '"1"' } };
    expect(await poll(feedId)).toMatchObject({ published: [{ title: 'b' }] });
    answer.text = whole;
    expect(await poll(feedId)).toMatchObject({ outcome: 'ok', published: [{ title: 'a' }] });
  });

  test('loses and doubles nothing when it dies between publishing and noting it', async () => {
    const feedId = await follow({ select: { latest: 2 } });
    answer.text = rss(episode('b') + episode('a'));
    const dying = new FeedStore(connection);
    dying.saveMarks = () => Promise.reject(new Error('killed'));
    await poll(feedId, { ...poller, feeds: dying });
    await poll(feedId);
    expect(new Set(await titles())).toEqual(new Set(['a', 'b']));
    expect((await poll(feedId)).published).toEqual([]);
  });

  test('refuses private addresses', async () => {
    const feedId = await follow();
    const result = await poll(feedId, { ...poller, fetch: feedFetcher(allowList([], 'DOWNLOAD_ALLOW_HOSTS')) });
    expect(result.error).toMatchObject({ reason: 'forbidden-address' });
  });
});

describe('pollDueFeeds', () => {
  test('polls what is due, once, although two look at the same time', async () => {
    const feedId = await follow();
    await follow({ poll: { primed: false, next: new Date(now + MINUTE).toISOString(), published: 0, failures: 0 } });
    answer.text = rss(episode('a'));
    const both = await Promise.all([1, 2].map(() => pollDueFeeds(poller, 2, signal, SILENT)));
    expect(both.flat().map((result) => result.feedId)).toEqual([feedId]);
    expect(asked).toHaveLength(1);
    now += 2 * HOUR;
    expect(await pollDueFeeds(poller, 2, signal, SILENT)).toHaveLength(2);
  });
});
