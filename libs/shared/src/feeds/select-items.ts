import type { Feed } from '#shared/contracts/feed';
import type { FeedItem } from './feed-item.ts';

/**
 * The items a feed is followed for. Once what was there at the beginning has been dealt with, that is every item whose
 * title matches; before, the newest of those, as many as were asked for.
 * @returns newest first.
 */
export function selectItems<Item extends FeedItem>(
  items: readonly Item[],
  { select, poll }: Pick<Feed, 'select' | 'poll'>,
): Item[] {
  const { match, since, latest } = select;
  const matching = newestFirst(items).filter(
    ({ title }) => match === undefined || (title ?? '').toLowerCase().includes(match.toLowerCase()),
  );
  if (poll.primed) return matching;
  const recent = matching.filter(({ publishedAt }) => since === undefined || (publishedAt ?? '') >= since);
  const unlimited = since !== undefined || match !== undefined;
  return recent.slice(0, latest ?? (unlimited ? undefined : 1));
}

/** By date; what has none keeps its place behind the item before it, as feeds are written newest first. */
export function newestFirst<Item extends FeedItem>(items: readonly Item[]): Item[] {
  let last = '9999';
  const dated = items.map((item) => ({ item, date: (last = item.publishedAt ?? last) }));
  return dated.toSorted((a, b) => b.date.localeCompare(a.date)).map(({ item }) => item);
}
