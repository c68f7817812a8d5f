import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { PermanentError } from '#shared/errors';
import type { FeedItem, ParsedFeed } from './feed-item.ts';
import { itemFromAtom, itemFromJson, itemFromRss } from './read-item.ts';
import { type FeedLayout, type ItemSpan, scanFeed } from './scan-feed.ts';

/** Items parsed at once, some tens of milliseconds; each call of the parser costs as much as ten items. */
const BATCH = 200;
/** Largest item parsed, in characters; show notes are a few thousand. */
const MAX_ITEM = 1_000_000;
/** Most items read, from the top; the longest-running daily shows have about 10,000. */
const MAX_ITEMS = 25_000;
/** Part of the channel's head that is looked at for its title, in characters. */
const MAX_HEAD = 200_000;

/**
 * Reads a feed piece by piece: a malformed item costs that item only, and other work goes on in between. Entities that
 * a document type declares are never expanded.
 * @param base URL of the feed, for relative addresses in it.
 * @throws PermanentError `not-a-feed`, or `feed-unreadable` where not one item is well-formed.
 */
export async function parseFeed(text: string, base: string): Promise<ParsedFeed> {
  if (/^\ufeff?\s*\{/.test(text)) return parseJson(text, base);
  const layout = scanFeed(text);
  if (layout === undefined) throw notAFeed(text);
  const shell = shellOf(layout, text);
  const found: Found[] = [];
  let unreadable = 0;
  const spans = layout.items.slice(0, MAX_ITEMS);
  for (let at = 0; at < spans.length; at += BATCH) {
    readBatch(text, spans.slice(at, at + BATCH), shell, base).forEach((item, index) => {
      if (item === 'unreadable') unreadable++;
      else found.push({ item, position: at + index });
    });
    await nextTurn();
  }
  if (unreadable > 0 && found.length === 0) {
    throw new PermanentError(
      'feed-unreadable',
      `None of the feed's ${unreadable} items is well-formed XML. Tell its publisher.`,
    );
  }
  return { ...headOf(text, layout, shell), ...sorted(found), unreadable, complete: layout.complete };
}

/** What is put around a piece of a feed to make it one. */
interface Shell {
  format: FeedLayout['format'];
  before: string;
  after: string;
}

/** RSS 1.0 items are read as those of RSS 2.0: its namespaces are kept, but for the one without a prefix. */
function shellOf({ format, root, items }: FeedLayout, text: string): Shell {
  if (format === 'atom') return { format, before: text.slice(root.start, root.end), after: `</${root.name}>` };
  const head = text.slice(root.start, Math.min(items[0]?.start ?? text.length, root.start + MAX_HEAD));
  const namespaces = new Set(head.match(/\bxmlns:[\w-]{1,40}\s*=\s*("[^"<>]{0,200}"|'[^'<>]{0,200}')/g));
  return { format, before: `<rss version="2.0" ${[...namespaces].join(' ')}><channel>`, after: '</channel></rss>' };
}

/** @returns one for each span: the item, undefined for one without audio. */
function readBatch(
  text: string,
  spans: readonly ItemSpan[],
  shell: Shell,
  base: string,
): (FeedItem | undefined | 'unreadable')[] {
  const small = spans.filter((span) => !isTooLarge(span));
  const items = tryRead(small.map((span) => pieceOf(text, span)).join('\n'), shell, base);
  if (items?.length === small.length) {
    const next = items.values();
    return spans.map((span) => (isTooLarge(span) ? 'unreadable' : next.next().value));
  }
  return spans.map((span) => {
    const single = isTooLarge(span) ? undefined : tryRead(pieceOf(text, span), shell, base);
    return single === undefined ? 'unreadable' : single[0];
  });
}

const isTooLarge = ({ start, end }: ItemSpan): boolean => end - start > MAX_ITEM;

/** The item, closed where its end was forgotten. */
function pieceOf(text: string, { start, end, close }: ItemSpan): string {
  const piece = text.slice(start, end);
  return close < end ? piece : `${piece}</${/^<([\w:-]+)/.exec(piece)?.[1] ?? 'item'}>`;
}

/** @returns undefined where it is not well-formed. */
function tryRead(pieces: string, shell: Shell, base: string): (FeedItem | undefined)[] | undefined {
  const xml = `${shell.before}${pieces}${shell.after}`;
  try {
    if (shell.format === 'atom') {
      return (parseAtomFeed(xml).entries ?? []).map((entry) => itemFromAtom(entry, base));
    }
    return (parseRssFeed(xml).items ?? []).map((item) => itemFromRss(item, base));
  } catch {
    return undefined;
  }
}

function headOf(
  text: string,
  { root, items, format }: FeedLayout,
  shell: Shell,
): Pick<ParsedFeed, 'title' | 'language'> {
  const end = Math.min(items[0]?.start ?? text.length, root.end + MAX_HEAD);
  const inner = text.slice(root.end, end).replace(/<\/?channel[^>]*>|<\/(rss|[\w-]*:?feed|rdf:RDF)\s*>/gi, '');
  const xml = `${shell.before}${inner}${shell.after}`;
  try {
    if (format === 'atom') {
      const { title } = parseAtomFeed(xml);
      return titled(title?.value);
    }
    const { title, language } = parseRssFeed(xml);
    return { ...titled(title), ...(language === undefined ? {} : { language: language.trim().slice(0, 40) }) };
  } catch {
    return {};
  }
}

function titled(title: string | undefined): { title?: string } {
  const clean = title?.replace(/\s+/g, ' ').trim().slice(0, 500);
  return clean === undefined || clean === '' ? {} : { title: clean };
}

/** An item, or one without audio, and its place in the feed. */
interface Found {
  item: FeedItem | undefined;
  position: number;
}

/** A guid several items share names none of them. */
function sorted(found: readonly Found[]): Pick<ParsedFeed, 'items' | 'positions' | 'withoutAudio'> {
  const withAudio = found.flatMap(({ item, position }) => (item === undefined ? [] : [{ item, position }]));
  const urls = new Map<string, Set<string>>();
  for (const { item } of withAudio) {
    if (item.guid !== undefined) urls.set(item.guid, (urls.get(item.guid) ?? new Set()).add(item.url));
  }
  return {
    items: withAudio.map(({ item }) => {
      if (item.guid === undefined || urls.get(item.guid)?.size === 1) return item;
      const { guid: _shared, ...rest } = item;
      return rest;
    }),
    positions: withAudio.map(({ position }) => position),
    withoutAudio: found.length - withAudio.length,
  };
}

function parseJson(text: string, base: string): ParsedFeed {
  try {
    const feed = parseJsonFeed(text.replace(/^\ufeff/, ''));
    const items = (feed.items ?? []).slice(0, MAX_ITEMS);
    const found = items.map((item, position) => ({ item: itemFromJson(item, base), position }));
    const language = feed.language === undefined ? {} : { language: feed.language.slice(0, 40) };
    return { ...titled(feed.title), ...language, ...sorted(found), unreadable: 0, complete: true };
  } catch (error) {
    throw new PermanentError('not-a-feed', `It is JSON, but no JSON Feed (got "${shown(text)}").`, { cause: error });
  }
}

function notAFeed(text: string): PermanentError {
  if (text.trim() === '') return new PermanentError('not-a-feed', 'It is empty, and no feed.');
  return new PermanentError(
    'not-a-feed',
    `It has no <rss>, <rdf:RDF> or <feed> element, so it is no feed (it begins "${shown(text)}").`,
  );
}

function shown(text: string): string {
  return text.trim().slice(0, 60).replace(/\s+/g, ' ');
}
