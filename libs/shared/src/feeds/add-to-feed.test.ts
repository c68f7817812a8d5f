import { describe, expect, test } from '@jest/globals';
import { FEED_CORPUS } from '../../../../test/support/feed-corpus/feed-corpus.ts';
import { item, rss } from '../../../../test/support/feed-corpus/corpus-feed.ts';
import { addToFeed, type FeedAddition } from './add-to-feed.ts';
import { decodeFeed } from './decode-feed.ts';
import { parseFeed } from './parse-feed.ts';

const VTT = 'https://me.example/e/1/transcript.vtt';
const CHAPTERS = 'https://me.example/e/1/chapters.json';
const addition: FeedAddition = {
  transcripts: [{ url: VTT, type: 'text/vtt', language: 'en', rel: 'captions' }],
  chapters: CHAPTERS,
};

const add = (xml: string | Uint8Array, ...positions: number[]): string =>
  addToFeed(Buffer.from(xml as string), new Map(positions.map((position) => [position, addition]))).toString();

describe('addToFeed', () => {
  test('adds to the items it is told, and to nothing else', () => {
    const before = rss(`<item><title>Text</title></item>\n    ${item()}\n    ${item('<title>Two</title>')}`);
    const after = add(before, 1);
    const added =
      `<podcast:transcript url="${VTT}" type="text/vtt" language="en" rel="captions"/>` +
      `<podcast:chapters url="${CHAPTERS}" type="application/json+chapters"/>`;
    expect(after.replace(added, '')).toBe(before);
    expect(after.indexOf(added)).toBe(after.indexOf('</item>\n    <item><title>Two') - added.length);
  });

  test('writes lines where the feed is written in lines', () => {
    const after = add('<rss>\r\n<channel>\r\n  <item>\r\n    <title>One</title>\r\n  </item>\r\n</channel></rss>', 0);
    expect(after).toContain('\r\n    <podcast:transcript ');
    expect(after).toContain('\r\n    <podcast:chapters ');
    expect(after).toContain('/>\r\n  </item>');
  });

  test('declares the namespace where it is not, and uses the prefix it has', () => {
    expect(add('<rss version="2.0"><channel><item></item></channel></rss>', 0)).toContain(
      '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><item><podcast:transcript',
    );
    const other = '<rss xmlns:p="https://podcastindex.org/namespace/1.0"><channel><item></item></channel></rss>';
    expect(add(other, 0)).toContain('<item><p:transcript');
    expect(add(other, 0)).not.toContain('xmlns:podcast');
  });

  test('adds nothing twice, and keeps the chapters an item has', () => {
    const once = add(rss(item()), 0);
    expect(add(once, 0)).toBe(once);
    const own = rss(item('<podcast:chapters url="https://a.example/c.json" type="application/json+chapters"/>'));
    expect(add(own, 0)).not.toContain(CHAPTERS);
  });

  test('escapes what it writes', () => {
    const url = 'https://me.example/?a=1&b="<ü>';
    const bytes = addToFeed(Buffer.from(rss(item())), new Map([[0, { transcripts: [{ url, type: 'text/vtt' }] }]]));
    expect(bytes.toString()).toContain('url="https://me.example/?a=1&#38;b=&#34;&#60;&#252;&#62;"');
  });

  test.each(FEED_CORPUS.filter(({ expected }) => 'items' in expected).map((feed) => [feed.name, feed] as const))(
    'leaves every other byte of %s',
    async (_name, { bytes, charset }) => {
      const before = decodeFeed(bytes, charset);
      if (before.trimStart().startsWith('{')) return;
      const { positions } = await parseFeed(before, 'https://feeds.example/1.xml');
      const after = addToFeed(bytes, new Map(positions.map((position) => [position, addition])));
      const text = decodeFeed(after, charset);
      const stripped = text
        .replace(/ {0,2}<[\w-]+:(transcript|chapters) url="https:\/\/me\.example[^>]*\/>/g, '')
        .replace(' xmlns:podcast="https://podcastindex.org/namespace/1.0">', '>');
      const original = before.replace(' xmlns:podcast="https://podcastindex.org/namespace/1.0">', '>');
      const declared = (xml: string): string => xml.replace(/encoding="[^"]*"/, '');
      expect(declared(stripped) === declared(original)).toBe(true);
    },
  );
});
