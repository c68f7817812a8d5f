import { AUDIO, type CorpusFeed, feed, item, rss } from './corpus-feed.ts';

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const titled = (title: string, encoding?: string): string =>
  rss(item(`<title>${title}</title>`), {
    prolog: encoding === undefined ? '<?xml version="1.0"?>' : `<?xml version="1.0" encoding="${encoding}"?>`,
  });
const named = (title: string) => ({ items: 1, first: { title } });

/** Feeds whose encoding is not what they say, or not what people expect. */
export const ENCODINGS: readonly CorpusFeed[] = [
  feed('UTF-8 with a byte-order mark', `\ufeff${titled('Übung')}`, named('Übung')),
  feed('Latin-1 that says so', latin1(titled('Übung', 'ISO-8859-1')), named('Übung')),
  feed('Windows-1252 that says UTF-8', latin1(titled('Caf\u00e9', 'UTF-8')), named('Café')),
  feed('UTF-8 that says Latin-1', titled('Übung 日本', 'ISO-8859-1'), named('Übung 日本')),
  feed('UTF-8 in a Latin-1 header', titled('Übung'), named('Übung'), 'iso-8859-1'),
  feed('Latin-1 by the header alone', latin1(titled('Übung')), named('Übung'), 'ISO-8859-1'),
  feed('UTF-16 with a byte-order mark', utf16(titled('Übung', 'UTF-16')), named('Übung')),
  feed('UTF-16 without one', utf16(titled('Übung', 'UTF-16')).subarray(2), named('Übung')),
  // "日本" in Shift_JIS and in ISO-2022-JP.
  feed('Shift_JIS', Buffer.concat([...around(titled('@', 'Shift_JIS'), [0x93, 0xfa, 0x96, 0x7b])]), named('日本')),
  feed(
    'ISO-2022-JP, whose bytes are ASCII',
    Buffer.concat([
      ...around(titled('@', 'ISO-2022-JP'), [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42]),
    ]),
    named('日本'),
  ),
  feed('an encoding nobody knows', latin1(titled('Übung', 'x-klingon')), named('Übung')),
  feed('a few broken bytes in UTF-8', brokenUtf8(), { items: 1, first: { title: `${'ü'.repeat(50)}\ufffd` } }),
];

function* around(text: string, bytes: readonly number[]): Generator<Buffer> {
  const [before = '', after = ''] = text.split('@');
  yield latin1(before);
  yield Buffer.from(bytes);
  yield latin1(after);
}

function brokenUtf8(): Buffer {
  const [before = '', after = ''] = titled(`${'ü'.repeat(50)}@`).split('@');
  return Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
}

const ENTITIES = Array.from({ length: 12 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('');

/** Feeds that are not well-formed, or made to do harm. */
export const MALFORMED: readonly CorpusFeed[] = [
  feed(
    'ampersands that are not escaped',
    rss(item('<title>Salt & Pepper</title>', 'https://cdn.example/1.mp3?a=1&b=2')),
    {
      items: 1,
      first: { title: 'Salt & Pepper', url: 'https://cdn.example/1.mp3?a=1&b=2' },
    },
  ),
  feed('HTML entities in a title', rss(item('<title>Caf&eacute; &amp; more &#8211; one</title>')), {
    items: 1,
    first: { title: 'Café & more – one' },
  }),
  feed('markup in a title', rss(item('<title>One <b>bold</b> word</title>')), { items: 1 }),
  feed('a title that is not closed', rss(`<item><title>Broken<enclosure url="${AUDIO}"/></item>${item()}`), {
    items: 1,
    unreadable: 1,
  }),
  feed(
    'an item that is not closed',
    rss(
      `<item><title>One</title><enclosure url="${AUDIO}" type="audio/mpeg" length="1"/>${item('<title>Two</title>', 'https://cdn.example/2.mp3')}`,
    ),
    {
      items: 2,
      first: { title: 'One' },
    },
  ),
  feed(
    'a feed cut off in the middle',
    rss(item() + item('<title>Two</title>', 'https://cdn.example/2.mp3')).slice(0, -60),
    {
      items: 1,
      complete: false,
    },
  ),
  feed('a feed cut off between items', rss(item()).slice(0, -16), { items: 1 }),
  feed('text before the XML declaration', `\n\n  <!-- cached -->${rss(item())}`, { items: 1 }),
  feed(
    'a style sheet and comments before the root',
    `<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- <rss> -->${rss(item(), { prolog: '' })}`,
    {
      items: 1,
    },
  ),
  feed(
    'items in comments and CDATA',
    rss(
      `<!-- ${item('<title>No</title>', 'https://cdn.example/0.mp3')} --><item><title>One</title><description><![CDATA[<item><enclosure url="x"/></item>]]></description><enclosure url="${AUDIO}" type="audio/mpeg"/></item>`,
    ),
    {
      items: 1,
      first: { title: 'One' },
    },
  ),
  feed('CDATA that is not closed', rss(item('<title>One</title><description><![CDATA[ oh</description>')), {
    refused: 'feed-unreadable',
  }),
  feed('control characters', rss(item('<title>One\u0000\u0008 two</title>')), { items: 1 }),
  feed('element names in capitals', rss(item()).replaceAll('item', 'ITEM').replaceAll('enclosure', 'ENCLOSURE'), {
    items: 1,
  }),
  feed(
    'a billion laughs',
    rss(item('<title>&e12;</title>'), { prolog: `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">${ENTITIES}]>` }),
    {
      items: 1,
      first: { title: '&e12;' },
    },
  ),
  feed(
    'an external entity',
    rss(item('<title>&x;</title>'), {
      prolog: '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    }),
    {
      items: 1,
      first: { title: '&x;' },
    },
  ),
  feed('100,000 elements inside each other', rss(item(`<title>Deep</title>${'<a>'.repeat(100_000)}`) + item()), {
    items: 1,
    unreadable: 1,
  }),
  feed(
    'one item of two megabytes',
    rss(item(`<title>Fat</title><description>${'x'.repeat(2_000_000)}</description>`) + item()),
    {
      items: 1,
      unreadable: 1,
    },
  ),
  feed('a title of a megabyte', rss(item(`<title>${'x'.repeat(900_000)}</title>`)), {
    items: 1,
    first: { title: 'x'.repeat(500) },
  }),
  feed(
    'an element called __proto__',
    rss(item('<title>Bad</title><__proto__ constructor="x">polluted</__proto__>') + item()),
    { items: 1, unreadable: 1, first: { title: 'One' } },
  ),
  feed('an HTML page', '<!DOCTYPE html><html><head><title>Not found</title></head><body>404</body></html>', {
    refused: 'not-a-feed',
  }),
  feed('a feed’s name in an HTML page', '<html><body>&lt;rss&gt; is a format</body></html>', { refused: 'not-a-feed' }),
  feed('another XML document', '<?xml version="1.0"?><opml version="2.0"><body/></opml>', { refused: 'not-a-feed' }),
  feed('JSON that is no feed', '{"error":"not found"}', { refused: 'not-a-feed' }),
  feed('JSON cut off', '{"version":"https://jsonfeed.org/version/1","items":[{', { refused: 'not-a-feed' }),
  feed('nothing', '', { refused: 'not-a-feed' }),
  feed('audio', Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0, 0xff, 0xfb, 0x90, 0x64]), {
    refused: 'not-a-feed',
  }),
  feed('only malformed items', rss('<item><title>a</item><item><title>b</item>'), { refused: 'feed-unreadable' }),
];
