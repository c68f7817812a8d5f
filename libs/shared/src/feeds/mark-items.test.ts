import { describe, expect, test } from '@jest/globals';
import type { FeedItem } from './feed-item.ts';
import { KnownItems } from './known-items.ts';
import { markItems } from './mark-items.ts';

const base: FeedItem = {
  url: 'https://host.example/1.mp3',
  guid: 'g1',
  title: 'One',
  publishedAt: '2026-01-05T06:00:00.000Z',
  transcripts: [],
};

/** Whether an item that changed like this is taken for the one seen before. */
const recognised = (change: Partial<FeedItem>): boolean => {
  const known = new KnownItems();
  for (const { marks } of markItems([base])) known.add(marks);
  const [item] = markItems([{ ...base, ...change }]);
  return new KnownItems(known.toString()).has(item?.marks ?? []);
};

const audioKey = (url: string): string | undefined => markItems([{ ...base, url }])[0]?.audioKey;

describe('markItems', () => {
  test.each<[string, Partial<FeedItem>]>([
    ['another title', { title: 'One (corrected)' }],
    ['another guid', { guid: 'urn:new-host:1' }],
    ['other audio', { url: 'https://new.example/one-v2.mp3' }],
    ['another title and date', { title: 'Uno', publishedAt: '2026-02-01T00:00:00.000Z' }],
    ['another host and another guid', { url: 'https://new.example/9.mp3', guid: 'n' }],
    ['other audio and no guid any more', { url: 'https://new.example/9.mp3', guid: undefined }],
    ['a new token', { url: 'https://host.example/1.mp3?token=2', guid: 'n', title: 'x' }],
  ])('recognises an episode that got %s', (_name, change) => expect(recognised(change)).toBe(true));

  test.each<[string, Partial<FeedItem>]>([
    ['guid, audio and title', { guid: 'n', url: 'https://host.example/2.mp3', title: 'Two' }],
    ['guid, audio and date', { guid: 'n', url: 'https://host.example/2.mp3', publishedAt: '2026-01-06T06:00:00.000Z' }],
  ])('takes one with another %s for new', (_name, change) => expect(recognised(change)).toBe(false));

  test.each([
    'http://host.example/1.mp3',
    'https://www.host.example/1.mp3?dest-id=1#t=1',
    'https://pdst.fm/e/chrt.fm/track/A1/host.example/1.mp3',
    'https://www.podtrac.example/pts/redirect.mp3/host.example/1.mp3?x=1',
  ])('knows the audio again under %s', (url) => expect(audioKey(url)).toBe(audioKey(base.url)));

  test.each(['https://host.example/2.mp3', 'https://other.example/1.mp3', 'https://host.example/a/1.mp3'])(
    'tells %s from it',
    (url) => expect(audioKey(url)).not.toBe(audioKey(base.url)),
  );

  test('keeps episodes apart that only a query tells apart', () => {
    const urls = ['https://host.example/play?id=1', 'https://host.example/play?id=2'];
    expect(new Set(urls.map(audioKey)).size).toBe(2);
    const files = ['1', '2'].map((id) => ({ ...base, guid: id, title: id, url: `https://h.example/get.mp3?id=${id}` }));
    const [one, two] = markItems(files);
    expect(one?.marks.some((mark) => two?.marks.includes(mark))).toBe(false);
  });

  test('does not take two episodes of one title and date for one', () => {
    const [one, two] = markItems([base, { ...base, guid: 'g2', url: 'https://host.example/2.mp3' }]);
    expect(one?.marks.some((mark) => two?.marks.includes(mark))).toBe(false);
  });
});

describe('KnownItems', () => {
  test('keeps the newest marks once there are too many', () => {
    const known = new KnownItems();
    for (let at = 0; at < 80_010; at++) known.add([String(at).padStart(8, '0')]);
    const again = new KnownItems(known.toString());
    expect(again.size).toBe(80_000);
    expect(again.has(['00000009'])).toBe(false);
    expect(again.has(['00080009'])).toBe(true);
  });
});
