import { MIB } from '#shared/config/defaults';
import type { AllowList } from '#shared/http/allow-list';
import { fetchDocument } from '#shared/http/fetch-document';
import { charsetOf } from './decode-feed.ts';

/** Largest feed taken, in bytes; 10,000 items with show notes are about 30 MB. */
const MAX_FEED_BYTES = 64 * MIB;

/** What a server said of the feed it gave last, to be asked whether there is another. */
export interface Validators {
  etag?: string | undefined;
  lastModified?: string | undefined;
}

export interface FetchedFeed extends Validators {
  bytes: Uint8Array;
  /** Of the Content-Type header. */
  charset: string | undefined;
  /** Base of relative addresses. */
  finalUrl: string;
}

export type FetchFeed = (url: string, known: Validators, signal: AbortSignal) => Promise<FetchedFeed | 'not-modified'>;

/** Fetches feeds from public addresses, and those allowed besides; asks for changes only where it knows the feed. */
export function feedFetcher(allow: AllowList): FetchFeed {
  return async (url, { etag, lastModified }, signal) => {
    const fetched = await fetchDocument(url, {
      headers: {
        accept: 'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5',
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
      },
      maxBytes: MAX_FEED_BYTES,
      allow,
      signal,
    });
    if (fetched === 'not-modified') return fetched;
    const { bytes, headers, finalUrl } = fetched;
    return {
      bytes,
      charset: charsetOf(headers['content-type']),
      finalUrl,
      etag: headers.etag?.slice(0, 1024),
      lastModified: headers['last-modified']?.slice(0, 200),
    };
  };
}
