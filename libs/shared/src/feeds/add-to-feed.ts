import { PermanentError } from '#shared/errors';
import { decodeFeed, isWide } from './decode-feed.ts';
import { type FeedLayout, type ItemSpan, scanFeed } from './scan-feed.ts';

const NAMESPACE = 'https://podcastindex.org/namespace/1.0';
/** The namespace under its own address, or that of its documentation, which many feeds write. */
const KNOWN_NAMESPACE =
  /\bxmlns:([\w-]{1,40})\s*=\s*["']https?:\/\/(?:podcastindex\.org\/namespace|github\.com\/podcastindex-org)\/[^"']{0,120}["']/i;

/** What is added to an item; addresses as they are, unescaped. */
export interface FeedAddition {
  transcripts: { url: string; type: string; language?: string | undefined; rel?: string | undefined }[];
  chapters?: string | undefined;
}

/**
 * Puts `podcast:transcript` and `podcast:chapters` into items of a feed and leaves every other byte as it is; only UTF-16
 * becomes UTF-8. An item that has chapters keeps them; the addresses added are not added twice.
 * @param additions by the item's place in the feed.
 * @throws PermanentError `not-a-feed` for what is no RSS or Atom.
 */
export function addToFeed(bytes: Uint8Array, additions: ReadonlyMap<number, FeedAddition>): Buffer {
  // As Latin-1, every byte is a character and comes back as it was, whatever encoding the feed is in.
  const wide = isWide(bytes);
  const text = wide ? withoutEncoding(decodeFeed(bytes)) : Buffer.from(bytes).toString('latin1');
  const layout = scanFeed(text);
  if (layout === undefined) throw new PermanentError('not-a-feed', 'Only RSS and Atom feeds can be added to.');
  const prefix = KNOWN_NAMESPACE.exec(text.slice(layout.root.start, layout.root.end))?.[1] ?? 'podcast';
  const parts: string[] = [];
  let from = 0;
  const insert = (at: number, added: string): void => {
    parts.push(text.slice(from, at), added);
    from = at;
  };
  insert(layout.root.end - 1, declaration(text, layout));
  for (const [position, addition] of [...additions].toSorted(([a], [b]) => a - b)) {
    const span = layout.items[position];
    if (span === undefined || span.close === span.end) continue;
    insert(...placed(text, span, elements(text.slice(span.start, span.end), prefix, addition)));
  }
  parts.push(text.slice(from));
  return Buffer.from(parts.join(''), wide ? 'utf8' : 'latin1');
}

function declaration(text: string, { root }: FeedLayout): string {
  return KNOWN_NAMESPACE.test(text.slice(root.start, root.end)) ? '' : ` xmlns:podcast="${NAMESPACE}"`;
}

function elements(item: string, prefix: string, { transcripts, chapters }: FeedAddition): string[] {
  const added = transcripts
    .map(({ url, type, language, rel }) => ({ url, type, language, rel }))
    .filter(({ url }) => !item.includes(`"${escaped(url)}"`))
    .map((attributes) => `<${prefix}:transcript${attributesOf(attributes)}/>`);
  const hasChapters = new RegExp(`<${prefix}:chapters[\\s/>]`, 'i').test(item);
  if (chapters === undefined || hasChapters) return added;
  return [...added, `<${prefix}:chapters${attributesOf({ url: chapters, type: 'application/json+chapters' })}/>`];
}

function attributesOf(attributes: Record<string, string | undefined>): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escaped(value)}"`]))
    .join('');
}

/** ASCII whatever it holds, so that it is right in every encoding. */
function escaped(text: string): string {
  return text.replace(/[&<>"']|[^\u0020-\u007e]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** Before the closing tag, on lines of their own where the feed is written so. */
function placed(text: string, { close }: ItemSpan, added: readonly string[]): [at: number, text: string] {
  const indent = /(?:\r?\n)([ \t]*)$/.exec(text.slice(Math.max(0, close - 200), close));
  if (indent === null) return [close, added.join('')];
  const ending = indent[0].startsWith('\r') ? '\r\n' : '\n';
  return [close, added.map((element) => `  ${element}${ending}${indent[1] ?? ''}`).join('')];
}

function withoutEncoding(text: string): string {
  return text.replace(/^(\ufeff?<\?xml[^>]*?)\s+encoding\s*=\s*("[^"]*"|'[^']*')/i, '$1 encoding="UTF-8"');
}
