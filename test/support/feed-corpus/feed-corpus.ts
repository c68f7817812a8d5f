import { type CorpusFeed, feed, rss } from './corpus-feed.ts';
import { ENCODINGS, MALFORMED } from './malformed.ts';
import { WELL_FORMED } from './well-formed.ts';

/** Feeds as the world writes them: made here, after what real ones do. */
export const FEED_CORPUS: readonly CorpusFeed[] = [...WELL_FORMED, ...ENCODINGS, ...MALFORMED];

/** A daily show of many years, with show notes: about 2 KB an item. */
export function largeFeed(items: number): CorpusFeed {
  const notes = '<p>What was said, by whom, and where to read on about all of it.</p>'.repeat(24);
  const entries = Array.from({ length: items }, (_, at) => {
    const published = new Date(Date.UTC(2026, 0, 5) - at * 86_400_000).toUTCString();
    return `<item><title>Episode ${items - at}</title><guid>g${items - at}</guid><pubDate>${published}</pubDate><description><![CDATA[${notes}]]></description><enclosure url="https://cdn.example/${items - at}.mp3" type="audio/mpeg" length="1"/></item>`;
  });
  return feed(`${items} items`, rss(entries.join('\n')), { items, first: { title: `Episode ${items}` } });
}
