import { describe, expect, test } from '@jest/globals';
import { DAY } from '#shared/config/defaults';
import { BatchOrder, MAX_AHEAD_SECONDS, type Turn, turnOf, turnOfEpisode } from './turn.ts';

const NOW = Date.parse('2026-11-26T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(NOW - days * DAY).toISOString();
const minutes = (number: number): number => number * 60;

describe('the turn of an episode', () => {
  test.each<[string, Parameters<typeof turnOf>[0], Turn]>([
    ['that says nothing is the first', {}, 0],
    ['of 20 minutes is the first', { seconds: minutes(20) }, 0],
    ['of 40 minutes is the second', { seconds: minutes(40) }, 1],
    ['of an hour is the third', { seconds: minutes(60) }, 2],
    ['of three hours is the fourth', { seconds: minutes(180) }, 3],
    ['of five hours is the last', { seconds: minutes(300) }, 4],
    ['counts what its feed sent ahead of it', { seconds: minutes(10), ahead: minutes(800) }, 3],
    ['of last week is by its length', { seconds: minutes(10), publishedAt: daysAgo(7) }, 0],
    ['of last year is behind new ones of 40 minutes', { seconds: minutes(10), publishedAt: daysAgo(365) }, 2],
    ['of last year and of an hour is a turn later', { seconds: minutes(60), publishedAt: daysAgo(365) }, 3],
    ['of last year and of five hours is the last', { seconds: minutes(300), publishedAt: daysAgo(365) }, 4],
    ['with a date that is none is by its length', { seconds: minutes(10), publishedAt: 'yesterday' }, 0],
  ])('%s', (_, standing, turn) => expect(turnOf(standing, NOW)).toBe(turn));

  test('never comes earlier for being longer, further behind, or older', () => {
    for (const seconds of [1, 1000, 3000, 10_000, 20_000]) {
      for (const ahead of [0, 1000, 20_000, 200_000]) {
        const turn = turnOf({ seconds, ahead }, NOW);
        expect(turnOf({ seconds: seconds * 2, ahead }, NOW)).toBeGreaterThanOrEqual(turn);
        expect(turnOf({ seconds, ahead: 2 * ahead + 20_000 }, NOW)).toBeGreaterThanOrEqual(turn);
        expect(turnOf({ seconds, ahead, publishedAt: daysAgo(100) }, NOW)).toBeGreaterThanOrEqual(turn);
      }
    }
  });

  test('follows the true length once that is known, and is the first once it was bumped', () => {
    const request = { seconds: minutes(10), publishedAt: daysAgo(1) };
    expect(turnOfEpisode({ request }, undefined, NOW)).toBe(0);
    expect(turnOfEpisode({ request }, minutes(170), NOW)).toBe(3);
    expect(turnOfEpisode({ request, at: { bumped: daysAgo(0) } }, minutes(200), NOW)).toBe(0);
  });
});

describe('a batch', () => {
  test('tells each episode how much is ahead of it; an unknown length counts as 40 minutes', () => {
    const order = new BatchOrder();
    const ahead = [{ seconds: 100 }, { seconds: 50.4 }, {}, { seconds: 1 }].map((episode) => order.next(episode));
    expect(ahead).toEqual([{}, { ahead: 100 }, { ahead: 150 }, { ahead: 2550 }]);
  });

  test('of any size stays within what a request may say', () => {
    const order = new BatchOrder();
    for (let index = 0; index < 60; index++) order.next({ seconds: 604_800 });
    expect(order.next({})).toEqual({ ahead: MAX_AHEAD_SECONDS });
  });
});
