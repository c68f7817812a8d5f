import { cliConfigSchema } from '#shared/config/cli';
import { loadConfig } from '#shared/config/load';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { asError } from '#shared/errors';
import { charsetOf, decodeFeed } from '#shared/feeds/decode-feed';
import { episodeOfItem } from '#shared/feeds/episode-of-item';
import type { ParsedFeed } from '#shared/feeds/feed-item';
import { parseFeed } from '#shared/feeds/parse-feed';
import { newestFirst } from '#shared/feeds/select-items';
import type { BlobStore } from '#shared/storage/blob-store';
import { UsageError } from '../usage-error.ts';
import { audioFiles } from './audio-files.ts';
import type { EpisodeSource } from './episode-source.ts';
import { uploadPath, uploadStream } from './upload-file.ts';

/** Largest feed read, in bytes. */
const MAX_FEED_BYTES = 64 * 1024 * 1024;
/** Bytes within which a feed says that it is one. */
const SNIFFED = 5000;

/** An audio URL as it is; a feed as its newest episodes; files, folders, `-` and S3 addresses as uploads to the cluster. */
export async function resolveSource(source: string, latest: number, audio: BlobStore): Promise<EpisodeSource[]> {
  if (source === '-') {
    const title = 'standard input';
    return [{ url: source, title, upload: (isNeeded) => uploadStream(process.stdin, title, audio, isNeeded) }];
  }
  if (/^s3:\/\//i.test(source)) {
    // Only here: loading the library takes as long as most commands.
    const { s3Episodes } = await import('./s3-source.ts');
    return s3Episodes(source, audio, s3Location());
  }
  if (!/^https?:\/\//i.test(source)) return uploadPath(source, audio);
  return listEpisodes(source, latest);
}

/** What can be seen wrong with a source before anything is started for it. @throws UsageError. */
export async function checkSource(source: string): Promise<void> {
  if (source !== '-' && !/^(https?|s3):\/\//i.test(source)) await audioFiles(source);
}

/** The episodes behind a URL: the one it is, or a feed's newest. */
export async function listEpisodes(source: string, latest: number): Promise<EpisodeSource[]> {
  const feed = await fetchFeed(source);
  return feed === undefined ? [{ url: source }] : feedEpisodes(feed, source, latest);
}

function s3Location() {
  const { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: region } = loadConfig(cliConfigSchema);
  return { endpoint, region };
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
  if (!response.ok || !/xml|rss|feed\+json|text\/plain|octet-stream|^$/.test(type) || response.body === null) {
    await response.body?.cancel();
    return undefined;
  }
  try {
    return await readFeed(response.body, url, type);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${withoutCredentials(url)} can't be read to its end: ${rootMessage(error)}`);
  }
}

async function readFeed(
  parts: AsyncIterable<Uint8Array>,
  url: string,
  contentType: string,
): Promise<string | undefined> {
  const read: Uint8Array[] = [];
  let size = 0;
  let sniffed = false;
  for await (const part of parts) {
    read.push(part);
    size += part.length;
    // Once: each look costs a copy of what has come.
    if (!sniffed && size > SNIFFED) {
      if (!looksLikeFeed(decodeFeed(Buffer.concat(read)))) return undefined;
      sniffed = true;
    }
    if (size > MAX_FEED_BYTES) throw new UsageError(`The feed ${withoutCredentials(url)} is larger than 64 MiB.`);
  }
  const text = decodeFeed(Buffer.concat(read), charsetOf(contentType));
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
  return /<(rss|[\w-]*:?feed|rdf:RDF)[\s>]|^\s*\{.*jsonfeed\.org/is.test(text.slice(0, SNIFFED));
}

async function feedEpisodes(xml: string, feed: string, latest: number): Promise<EpisodeSource[]> {
  const named = withoutCredentials(feed);
  let parsed: ParsedFeed;
  try {
    parsed = await parseFeed(xml, feed);
  } catch (error) {
    throw new UsageError(`${named} looks like a feed but can't be read: ${asError(error).message}`);
  }
  if (parsed.items.length === 0) throw new UsageError(`The feed ${named} has no episode with audio.`);
  return newestFirst(parsed.items)
    .slice(0, latest)
    .map((item) => {
      const { url, guid, title, publishedAt, seconds, transcripts } = episodeOfItem(item, {
        url: feed,
        language: parsed.language,
      });
      return { url, feed: named, guid, title, publishedAt, seconds, transcripts };
    });
}
