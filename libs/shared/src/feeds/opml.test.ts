import { describe, expect, test } from '@jest/globals';
import { readOpml, writeOpml } from './opml.ts';

describe('OPML', () => {
  test('gives back the feeds it was given, without their credentials', () => {
    const feeds = [
      { url: 'https://a.example/feed?x=1&y=2', title: 'Salt & "Pepper" <3' },
      { url: 'https://user:secret@b.example/feed' },
    ];
    const text = writeOpml(feeds);
    expect(text).not.toContain('secret');
    expect(readOpml(Buffer.from(text))).toEqual([
      feeds[0],
      { url: 'https://b.example/feed', title: 'https://b.example/feed' },
    ]);
  });

  test('finds the feeds in groups, each once', () => {
    const file = `<?xml version="1.0"?><opml version="1.0"><head/><body><outline text="News"><outline text="A" type="rss" xmlUrl="https://a.example/"/>
      <outline text="B" xmlUrl=" https://b.example/ "/></outline><outline text="A again" xmlUrl="https://a.example/"/><outline text="Bad" xmlUrl="file:///etc/passwd"/></body></opml>`;
    expect(readOpml(Buffer.from(file))).toEqual([
      { url: 'https://a.example/', title: 'A' },
      { url: 'https://b.example/', title: 'B' },
    ]);
  });

  test.each(['', 'hello', '<rss/>', '{"a":1}'])('says of %j that it is no OPML', (text) => {
    expect(() => readOpml(Buffer.from(text))).toThrow('no OPML');
  });
});
