import { expect, test } from '@jest/globals';
import { parseRssFeed } from 'feedsmith';
import { feedXml } from './feed.ts';

test('text with markup in it comes back from the feed as it went in', () => {
  const awkward = `Salt & "Pepper" <b>'s</b> ]]> &lt;`;
  const feed = parseRssFeed(
    feedXml({
      show: awkward,
      showDescription: awkward,
      author: awkward,
      site: 'https://podline.example',
      podcastGuid: '3bd8d462-cfda-5afd-96ca-74715cb9dd0b',
      episode: {
        title: awkward,
        description: awkward,
        guid: 'awkward-1',
        published: new Date(0),
        file: 'a.mp3',
        bytes: 5,
        seconds: 2.6,
        people: [{ name: awkward, role: 'host' }],
      },
    }),
  );
  expect(feed).toMatchObject({ title: awkward, description: awkward, itunes: { author: awkward } });
  expect(feed.items).toMatchObject([
    { title: awkward, description: awkward, itunes: { duration: 3 }, podcast: { persons: [{ display: awkward }] } },
  ]);
});
