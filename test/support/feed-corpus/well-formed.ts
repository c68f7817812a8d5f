import { AUDIO, type CorpusFeed, feed, item, NAMESPACES, rss } from './corpus-feed.ts';

const dated = (date: string): string => rss(item(`<title>One</title><pubDate>${date}</pubDate>`));
const publishedAt = (date: string, value: string | undefined): CorpusFeed =>
  feed(`date written as "${date}"`, dated(date), { items: 1, first: { publishedAt: value } });

/** Feeds that are well-formed XML or JSON, in all the formats and with all the liberties that occur. */
export const WELL_FORMED: readonly CorpusFeed[] = [
  feed('plain RSS 2.0', rss(item()), {
    items: 1,
    title: 'Show',
    first: { title: 'One', guid: 'g1', url: AUDIO, bytes: 1000 },
  }),
  feed(
    'iTunes and podcast namespaces',
    rss(
      item(
        '<title>One</title><guid isPermaLink="false">tag:1</guid><itunes:duration>01:02:03</itunes:duration>' +
          '<podcast:transcript url="/t/1.srt" type="application/srt" language="en"/><podcast:transcript url="/t/1.vtt" type="text/vtt"/>',
      ),
    ),
    {
      items: 1,
      first: {
        guid: 'tag:1',
        seconds: 3723,
        transcripts: [
          { url: 'https://feeds.example/t/1.srt', type: 'application/srt', language: 'en' },
          { url: 'https://feeds.example/t/1.vtt', type: 'text/vtt' },
        ],
      },
    },
  ),
  feed(
    'namespaces under other prefixes',
    `<rss version="2.0" xmlns:it="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:p="https://podcastindex.org/namespace/1.0"><channel><title>S</title>${item(
      '<title>One</title><it:duration>61</it:duration><p:transcript url="https://a.example/1.srt" type="application/x-subrip"/>',
    )}</channel></rss>`,
    {
      items: 1,
      first: { seconds: 61, transcripts: [{ url: 'https://a.example/1.srt', type: 'application/x-subrip' }] },
    },
  ),
  feed(
    'namespaces declared nowhere',
    `<rss version="2.0"><channel><title>S</title>${item(
      '<title>One</title><itunes:duration>61</itunes:duration>',
    )}</channel></rss>`,
    { items: 1, first: { title: 'One' } },
  ),
  feed(
    'namespaces declared on the channel',
    `<rss version="2.0"><channel ${NAMESPACES}><title>S</title>${item(
      '<title>One</title><itunes:duration>10:00</itunes:duration>',
    )}</channel></rss>`,
    { items: 1, first: { seconds: 600 } },
  ),
  feed('duration as a number of seconds', rss(item('<title>One</title><itunes:duration>1800</itunes:duration>')), {
    items: 1,
    first: { seconds: 1800 },
  }),
  feed('duration that is nonsense', rss(item('<title>One</title><itunes:duration>about an hour</itunes:duration>')), {
    items: 1,
    first: { seconds: undefined },
  }),
  feed(
    'Atom 1.0',
    `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Show</title><entry><id>urn:1</id><title>One</title><published>2026-01-05T06:00:00+01:00</published><updated>2026-02-01T00:00:00Z</updated><link rel="alternate" href="https://a.example/1"/><link rel="enclosure" href="${AUDIO}" type="audio/mpeg" length="5"/></entry></feed>`,
    {
      items: 1,
      title: 'Show',
      first: { guid: 'urn:1', title: 'One', url: AUDIO, bytes: 5, publishedAt: '2026-01-05T05:00:00.000Z' },
    },
  ),
  feed(
    'Atom with a prefix',
    `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Show</a:title><a:entry><a:id>urn:1</a:id><a:title>One</a:title><a:link rel="enclosure" href="${AUDIO}" type="audio/mpeg"/></a:entry></a:feed>`,
    {
      items: 1,
      first: { guid: 'urn:1', url: AUDIO },
    },
  ),
  feed(
    'RSS 1.0 with items beside the channel',
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://a.example/"><title>Show</title></channel><item rdf:about="https://a.example/1"><title>One</title><enclosure url="${AUDIO}" type="audio/mpeg" length="7"/></item></rdf:RDF>`,
    {
      items: 1,
      first: { title: 'One', url: AUDIO },
    },
  ),
  feed(
    'JSON Feed',
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Show',
      items: [
        {
          id: '1',
          title: 'One',
          date_published: '2026-01-05T06:00:00Z',
          attachments: [{ url: AUDIO, mime_type: 'audio/mpeg', duration_in_seconds: 90 }],
        },
      ],
    }),
    { items: 1, title: 'Show', first: { guid: '1', seconds: 90 } },
  ),
  feed(
    'Media RSS without enclosures',
    `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>S</title><item><title>One</title><media:content url="${AUDIO}" type="audio/mpeg" fileSize="9"/></item></channel></rss>`,
    {
      items: 1,
      first: { url: AUDIO, bytes: 9 },
    },
  ),
  feed('audio only as the item’s link', rss(`<item><title>One</title><link>${AUDIO}</link></item>`), {
    items: 1,
    first: { url: AUDIO },
  }),
  feed(
    'a picture before the audio',
    rss(
      `<item><title>One</title><enclosure url="https://a.example/p.jpg" type="image/jpeg" length="1"/><enclosure url="${AUDIO}" type="audio/mpeg" length="1"/></item>`,
    ),
    {
      items: 1,
      first: { url: AUDIO },
    },
  ),
  feed(
    'items without audio among the others',
    rss(
      `<item><title>News</title></item>${item()}<item><title>PDF</title><enclosure url="https://a.example/a.pdf" type="application/pdf" length="1"/></item>`,
    ),
    {
      items: 1,
      withoutAudio: 2,
    },
  ),
  feed('no length', rss(`<item><title>One</title><enclosure url="${AUDIO}" type="audio/mpeg"/></item>`), {
    items: 1,
    first: { bytes: undefined },
  }),
  feed(
    'a length that is no number',
    rss(`<item><title>One</title><enclosure url="${AUDIO}" length="big" type="audio/mpeg"/></item>`),
    {
      items: 1,
      first: { bytes: undefined },
    },
  ),
  feed('no media type', rss(`<item><title>One</title><enclosure url="https://a.example/stream?id=5"/></item>`), {
    items: 1,
    first: { url: 'https://a.example/stream?id=5' },
  }),
  feed('relative addresses', rss(item('<title>One</title>', '../audio/1.mp3')), {
    items: 1,
    first: { url: 'https://feeds.example/audio/1.mp3' },
  }),
  feed('addresses without a scheme', rss(item('<title>One</title>', '//cdn.example/1.mp3')), {
    items: 1,
    first: { url: AUDIO },
  }),
  feed(
    'an address with blanks around and in it',
    rss(item('<title>One</title>', '\n https://cdn.example/my show.mp3 \n')),
    {
      items: 1,
      first: { url: 'https://cdn.example/my%20show.mp3' },
    },
  ),
  feed('an address escaped twice', rss(item('<title>One</title>', 'https://cdn.example/1.mp3?a=1&amp;amp;b=2')), {
    items: 1,
    first: { url: 'https://cdn.example/1.mp3?a=1&b=2' },
  }),
  feed(
    'a chain of measurement services',
    rss(
      item(
        '<title>One</title>',
        'https://pdst.fm/e/chrt.fm/track/A1/www.podtrac.example/pts/redirect.mp3/cdn.example/1.mp3',
      ),
    ),
    {
      items: 1,
    },
  ),
  feed(
    'addresses nobody may fetch',
    rss(item('<title>A</title>', 'file:///etc/passwd') + item('<title>B</title>', 'javascript:alert(1)') + item()),
    {
      items: 1,
      withoutAudio: 2,
    },
  ),
  feed(
    'duplicate guids',
    rss(
      item('<title>One</title><guid>same</guid>') +
        item('<title>Two</title><guid>same</guid>', 'https://cdn.example/2.mp3'),
    ),
    {
      items: 2,
      first: { title: 'One' },
    },
  ),
  feed('no guids', rss(item('<title>One</title>')), { items: 1, first: { guid: undefined } }),
  feed('an empty channel', rss(''), { items: 0, title: 'Show' }),
  publishedAt('Mon, 05 Jan 2026 06:00:00 +0100', '2026-01-05T05:00:00.000Z'),
  publishedAt('Mon, 5 Jan 26 06:00 EST', '2026-01-05T11:00:00.000Z'),
  publishedAt('Mo, 05 Jan 2026 06:00:00 CET', '2026-01-05T05:00:00.000Z'),
  publishedAt('5 Dez 2025 06:00:00 GMT', '2025-12-05T06:00:00.000Z'),
  publishedAt('2026-01-05 06:00:00', '2026-01-05T06:00:00.000Z'),
  publishedAt('1767592800', '2026-01-05T06:00:00.000Z'),
  publishedAt('03/04/2026', undefined),
  publishedAt('Mon, 99 Jan 2026 06:00:00 GMT', undefined),
  publishedAt('yesterday', undefined),
];
