import { createHash } from 'node:crypto';
import { audioIdentity } from './audio-identity.ts';
import type { FeedItem } from './feed-item.ts';

/** Characters of a mark, 48 bits: of a million marks two are equal with a chance of 0.2 %. */
export const MARK_LENGTH = 8;

/** An item with what it is recognised by. */
export interface MarkedItem extends FeedItem {
  /** Names the audio, wherever it is offered: 20 hexadecimal digits. */
  audioKey: string;
  /** Short hashes of its guid, its audio, and its title with its date. An item of which one is known is known. */
  marks: string[];
}

/**
 * Works out what the items of a feed are recognised by: publishers change guids when they move to another host, audio when
 * they mend it, titles when they like, rarely all at once. What several items of one feed share says nothing, and is left
 * out: a title with its date; an audio path that only the query tells apart.
 */
export function markItems(items: readonly FeedItem[]): MarkedItem[] {
  const urlsByAudio = grouped(
    items,
    ({ url }) => audioIdentity(url),
    ({ url }) => audioIdentity(url, true),
  );
  const urlsByTitle = grouped(items, titleAndDate, ({ url }) => url);
  return items.map((item) => {
    const shared = (urlsByAudio.get(audioIdentity(item.url))?.size ?? 0) > 1;
    const audio = audioIdentity(item.url, shared);
    const titled = titleAndDate(item);
    const names = [
      `audio\n${audio}`,
      ...(item.guid === undefined ? [] : [`guid\n${item.guid}`]),
      ...(titled === undefined || urlsByTitle.get(titled)?.size !== 1 ? [] : [`title\n${titled}`]),
    ];
    return { ...item, audioKey: hash(audio).toString('hex').slice(0, 20), marks: names.map(markOf) };
  });
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
const markOf = (name: string): string => hash(name).toString('base64url').slice(0, MARK_LENGTH);

function titleAndDate({ title, publishedAt }: FeedItem): string | undefined {
  return title === undefined || publishedAt === undefined ? undefined : `${title.toLowerCase()}\n${publishedAt}`;
}

function grouped(
  items: readonly FeedItem[],
  keyOf: (item: FeedItem) => string | undefined,
  valueOf: (item: FeedItem) => string,
): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) groups.set(key, (groups.get(key) ?? new Set()).add(valueOf(item)));
  }
  return groups;
}
