import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseFeed } from 'feedsmith';
import { uploadKey } from '#shared/contracts/artifact-keys';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import type { BlobStore } from '#shared/storage/blob-store';
import { UsageError } from './usage-error.ts';

/** What a person gave, as the fields of an episode request. */
export interface EpisodeSource {
  url: string;
  title?: string;
  feed?: string;
  guid?: string;
  publishedAt?: string;
  /** Length the feed tells; no part of the request. */
  seconds?: number;
}

/** Largest feed read, in bytes. */
const MAX_FEED_BYTES = 64 * 1024 * 1024;
/** Characters within which a feed says that it is one. */
const SNIFFED = 5000;

/** An audio URL as it is; a feed as its newest episodes; a file as an upload to the cluster. */
export async function resolveSource(source: string, latest: number, audio: BlobStore): Promise<EpisodeSource[]> {
  if (!/^https?:\/\//i.test(source)) return [await uploadFile(source, audio)];
  return listEpisodes(source, latest);
}

/** The episodes behind a URL: the one it is, or a feed's newest. */
export async function listEpisodes(source: string, latest: number): Promise<EpisodeSource[]> {
  const feed = await fetchFeed(source);
  return feed === undefined ? [{ url: source }] : feedEpisodes(feed, source, latest);
}

async function uploadFile(path: string, audio: BlobStore): Promise<EpisodeSource> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) throw new UsageError(`"${path}" is neither an http(s) URL nor a file that exists.`);
  if (info.size === 0) throw new UsageError(`"${path}" is empty.`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest('hex');
  const key = uploadKey(sha256);
  if ((await audio.head(key)) === undefined) await audio.create(key, createReadStream(path));
  return { url: `upload:${sha256}`, title: basename(path) };
}

/** The text of a feed, or undefined when the URL is something else. Looks at the first bytes only of anything else. */
async function fetchFeed(url: string): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(withoutCredentials(url), {
      headers: { accept: 'application/rss+xml, application/atom+xml, */*;q=0.5', ...authorization(url) },
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    // The downloader reports what is wrong with the URL, with retries.
    return undefined;
  }
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !/xml|rss|text\/plain|octet-stream|^$/.test(type) || response.body === null) {
    await response.body?.cancel();
    return undefined;
  }
  try {
    return await readFeed(response.body, url);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${withoutCredentials(url)} can't be read to its end: ${rootMessage(error)}`);
  }
}

async function readFeed(parts: AsyncIterable<Uint8Array>, url: string): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let sniffed = false;
  for await (const part of parts) {
    text += decoder.decode(part, { stream: true });
    // Once: each look at a text that grows costs a copy of it.
    if (!sniffed && text.length > SNIFFED) {
      if (!looksLikeFeed(text)) return undefined;
      sniffed = true;
    }
    if (text.length > MAX_FEED_BYTES)
      throw new UsageError(`The feed ${withoutCredentials(url)} is larger than 64 MiB.`);
  }
  return looksLikeFeed(text) ? text : undefined;
}

/** `fetch` takes no URL with credentials: private feeds get them as a header. */
function authorization(url: string): Record<string, string> {
  const { username = '', password = '' } = URL.parse(url) ?? {};
  if (username === '' && password === '') return {};
  const pair = [username, password].map((part) => decodeURIComponent(part)).join(':');
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** "terminated" says nothing, its cause ("incorrect header check") does. */
function rootMessage(thrown: unknown): string {
  const cause = (thrown as { cause?: unknown }).cause;
  return String((cause as { message?: unknown } | undefined)?.message ?? (thrown as { message?: unknown }).message);
}

function looksLikeFeed(text: string): boolean {
  return /<(rss|feed|rdf:RDF)[\s>]/i.test(text.slice(0, SNIFFED));
}

interface FeedItem {
  title?: string;
  guid?: { value?: string } | string;
  pubDate?: string;
  enclosures?: { url?: string; type?: string }[];
  itunes?: { duration?: number };
}

function feedEpisodes(xml: string, feed: string, latest: number): EpisodeSource[] {
  let items: FeedItem[];
  try {
    items = (parseFeed(xml).feed as { items?: FeedItem[] }).items ?? [];
  } catch (error) {
    throw new UsageError(
      `${withoutCredentials(feed)} looks like a feed but can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const episodes = items.flatMap((item) => {
    // One item nobody can fetch must not hide the others.
    const url = item.enclosures
      ?.map((enclosure) => (enclosure.url ? URL.parse(enclosure.url, feed) : null))
      .find((one) => one !== null && /^https?:$/.test(one.protocol));
    if (!url) return [];
    const guid = typeof item.guid === 'string' ? item.guid : item.guid?.value;
    const seconds = item.itunes?.duration;
    const published = item.pubDate === undefined ? NaN : Date.parse(item.pubDate);
    return [
      {
        url: url.href,
        feed: withoutCredentials(feed),
        ...(item.title ? { title: item.title.slice(0, 500) } : {}),
        ...(guid ? { guid } : {}),
        ...(seconds !== undefined && seconds > 0 ? { seconds } : {}),
        ...(Number.isNaN(published) ? {} : { publishedAt: new Date(published).toISOString() }),
      },
    ];
  });
  if (episodes.length === 0) throw new UsageError(`The feed ${withoutCredentials(feed)} has no episode with audio.`);
  return episodes.toSorted((a, b) => (b.publishedAt ?? '').localeCompare(a.publishedAt ?? '')).slice(0, latest);
}
