import Parser from 'rss-parser';
import { decodeFeed } from '#shared/feeds/decode-feed';
import { parseFeed } from '#shared/feeds/parse-feed';
import type { CorpusFeed } from '../../test/support/feed-corpus/corpus-feed.ts';

/** What a library made of a feed: how many episodes, and the first of them. */
export interface ReadFeed {
  episodes: number;
  title: string | undefined;
  url: string | undefined;
}

export interface FeedReader {
  name: string;
  read: (feed: CorpusFeed, base: string) => Promise<ReadFeed>;
}

/** rss-parser knows UTF-8, Latin-1 and UTF-16 by the Content-Type header; the rest is its caller's affair. */
function asRssParserDecodes({ bytes, charset }: CorpusFeed): string {
  const name = charset?.toLowerCase();
  return Buffer.from(bytes).toString(name === 'iso-8859-1' ? 'latin1' : name === 'utf-16' ? 'utf16le' : 'utf8');
}

export const READERS: readonly FeedReader[] = [
  {
    name: 'podline',
    read: async ({ bytes, charset }, base) => {
      const { items } = await parseFeed(decodeFeed(bytes, charset), base);
      return { episodes: items.length, title: items[0]?.title, url: items[0]?.url };
    },
  },
  {
    name: 'rss-parser',
    read: async (feed) => {
      const { items } = await new Parser().parseString(asRssParserDecodes(feed));
      const episodes = items.filter(({ enclosure }) => enclosure?.url !== undefined);
      return { episodes: episodes.length, title: episodes[0]?.title, url: episodes[0]?.enclosure?.url };
    },
  },
];
