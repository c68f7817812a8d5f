/** Where an item stands in the text of a feed: from its `<` to one past its last character. */
export interface ItemSpan {
  start: number;
  end: number;
  /** Position of the closing tag's `<`: what is added to the item goes here. */
  close: number;
}

/** The layout of a feed, found without parsing it. */
export interface FeedLayout {
  format: 'rss' | 'atom';
  /** The root's opening tag, with the namespaces it declares. */
  root: { start: number; end: number; name: string };
  items: ItemSpan[];
  /** False where the text ends inside an item: the feed was cut off. */
  complete: boolean;
}

/** Sections whose content is not markup, and what ends each. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ['<![CDATA[', ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
];

/**
 * Finds the items of a feed by their tags alone, so that one that is malformed does not take the others with it, and so that
 * a feed of any size is parsed a piece at a time. Memory: three numbers an item.
 * @returns undefined where there is no RSS, RDF or Atom root.
 */
export function scanFeed(text: string): FeedLayout | undefined {
  const root = findRoot(text);
  if (root === undefined) return undefined;
  const format = /(^|:)feed$/i.test(root.name) ? 'atom' : 'rss';
  const wanted = format === 'atom' ? 'entry' : 'item';
  const prefix = format === 'atom' && root.name.includes(':') ? root.name.split(':')[0] : undefined;
  const name = prefix === undefined ? wanted : `${prefix}:${wanted}`;
  const items: ItemSpan[] = [];
  let open: number | undefined;
  for (const tag of tagsNamed(text, name, root.end)) {
    if (!tag.closing) {
      // An item inside an item is one whose end was forgotten.
      if (open !== undefined) items.push({ start: open, end: tag.start, close: tag.start });
      open = tag.empty ? undefined : tag.start;
    } else if (open !== undefined) {
      items.push({ start: open, end: tag.end, close: tag.start });
      open = undefined;
    }
  }
  return { format, root, items, complete: open === undefined };
}

interface Tag {
  start: number;
  end: number;
  closing: boolean;
  empty: boolean;
}

/** The tags of one name, in order; what stands in CDATA and comments is text. */
function* tagsNamed(text: string, name: string, from: number): Generator<Tag> {
  const pattern = new RegExp(`<!\\[CDATA\\[|<!--|<\\?|<(/?)${name}(?=[\\s/>])`, 'gi');
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const section = SECTIONS.find(([opening]) => match?.[0].toUpperCase() === opening);
    if (section !== undefined) {
      const end = text.indexOf(section[1], pattern.lastIndex);
      // A section nobody closed: what follows is markup again, or nothing would be found at all.
      if (end !== -1) pattern.lastIndex = end + section[1].length;
      continue;
    }
    const end = text.indexOf('>', pattern.lastIndex);
    if (end === -1) return;
    yield { start: match.index, end: end + 1, closing: match[1] === '/', empty: text[end - 1] === '/' };
    pattern.lastIndex = end + 1;
  }
}

/** Characters within which a feed's root begins: before it stand comments, style sheets and document types. */
const ROOT_WITHIN = 100_000;

function findRoot(text: string): FeedLayout['root'] | undefined {
  const head = text.slice(0, ROOT_WITHIN);
  const pattern = /<!--|<!DOCTYPE[^>[]*\[|<\?|<((?:[\w-]{1,30}:)?(?:rss|feed|rdf))(?=[\s/>])/gi;
  for (let match = pattern.exec(head); match !== null; match = pattern.exec(head)) {
    if (match[1] !== undefined) {
      const end = text.indexOf('>', pattern.lastIndex);
      return end === -1 ? undefined : { start: match.index, end: end + 1, name: match[1] };
    }
    const ending = match[0] === '<!--' ? '-->' : match[0] === '<?' ? '?>' : ']>';
    const end = head.indexOf(ending, pattern.lastIndex);
    if (end === -1) return undefined;
    pattern.lastIndex = end + ending.length;
  }
  return undefined;
}
