import type { FeedItem } from '#shared/feeds/feed-item';

/** What has to come of a feed: so many episodes, and what of the first is looked at; or a clear refusal. */
export type Outcome =
  | {
      items: number;
      first?: Partial<FeedItem>;
      title?: string;
      unreadable?: number;
      withoutAudio?: number;
      complete?: false;
    }
  | { refused: string };

/** A feed as the world writes them, with what has to come of it. */
export interface CorpusFeed {
  name: string;
  bytes: Uint8Array;
  /** Of the Content-Type header. */
  charset?: string;
  expected: Outcome;
}

/** Where the feeds of the corpus are said to come from. */
export const CORPUS_BASE = 'https://feeds.example/shows/one.xml';

export const NAMESPACES =
  'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" ' +
  'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"';

export const AUDIO = 'https://cdn.example/1.mp3';

export const rss = (items: string, { head = '<title>Show</title>', prolog = '<?xml version="1.0"?>' } = {}): string =>
  `${prolog}<rss version="2.0" ${NAMESPACES}><channel>${head}${items}</channel></rss>`;

/** An item with audio; `inner` comes before the enclosure. */
export const item = (inner = '<title>One</title><guid>g1</guid>', url = AUDIO): string =>
  `<item>${inner}<enclosure url="${url}" type="audio/mpeg" length="1000"/></item>`;

export const feed = (name: string, content: string | Uint8Array, expected: Outcome, charset?: string): CorpusFeed => ({
  name,
  bytes: typeof content === 'string' ? Buffer.from(content) : content,
  expected,
  ...(charset === undefined ? {} : { charset }),
});
