import { describe, expect, test } from '@jest/globals';
import type { FeedSelection } from '#shared/contracts/feed';
import type { FeedItem } from './feed-item.ts';
import { selectItems } from './select-items.ts';

const items: FeedItem[] = [3, 1, 2].map((day) => ({
  url: `https://host.example/${day}.mp3`,
  title: day === 2 ? 'Bonus: Two' : `Day ${day}`,
  publishedAt: `2026-01-0${day}T00:00:00.000Z`,
  transcripts: [],
}));

const selected = (select: FeedSelection, primed = false, of = items): (string | undefined)[] =>
  selectItems(of, { select, poll: { primed, next: '', published: 0, failures: 0 } }).map(({ title }) => title);

describe('selectItems', () => {
  test.each<[string, FeedSelection, string[]]>([
    ['the newest, unless told otherwise', {}, ['Day 3']],
    ['as many as asked for, newest first', { latest: 2 }, ['Day 3', 'Bonus: Two']],
    ['none', { latest: 0 }, []],
    ['all from a day on', { since: '2026-01-02T00:00:00.000Z' }, ['Day 3', 'Bonus: Two']],
    ['all that match', { match: 'BONUS' }, ['Bonus: Two']],
    ['the newest that match', { match: 'day', latest: 1 }, ['Day 3']],
  ])('takes %s from a new feed', (_name, select, titles) => expect(selected(select)).toEqual(titles));

  test('takes everything that matches from a feed that is followed', () => {
    expect(selected({ latest: 1 }, true)).toHaveLength(3);
    expect(selected({ match: 'bonus', latest: 1 }, true)).toEqual(['Bonus: Two']);
  });

  test('leaves items without a date where the feed puts them', () => {
    const undated = items.map(({ publishedAt: _, ...item }) => item);
    expect(selected({ latest: 2 }, false, undated)).toEqual(['Day 3', 'Day 1']);
  });
});
