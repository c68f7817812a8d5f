import { beforeEach, describe, expect, test } from '@jest/globals';
import { KnownEmpty } from './known-empty.ts';

const TICK = 500;
let now = 0;
let empty: KnownEmpty;

beforeEach(() => {
  now = 10_000;
  empty = new KnownEmpty(TICK, () => now);
});

describe('a place that holds nothing', () => {
  test('is not asked again until a job is heard there', () => {
    empty.note('a', false);
    expect(empty.has('a')).toBe(true);
    expect(empty.has('b')).toBe(false);
    empty.heard('a');
    expect(empty.has('a')).toBe(false);
  });

  test('is asked again by the next tick, or by the fourth: retries are heard by nobody', () => {
    empty.note('often', true);
    empty.note('seldom', false);
    now += TICK * 0.9;
    expect([empty.has('often'), empty.has('seldom')]).toEqual([false, true]);
    now += 3 * TICK;
    expect(empty.has('seldom')).toBe(false);
  });

  test('is not believed right after a job was heard: the stream may not have it yet', () => {
    empty.heard('a');
    now += TICK - 1;
    empty.note('a', false);
    expect(empty.has('a')).toBe(false);
    now += 1;
    empty.note('a', false);
    expect(empty.has('a')).toBe(true);
  });

  test('is asked again once a job of it was settled: its cap has room', () => {
    empty.note('a', false);
    empty.forget('a');
    expect(empty.has('a')).toBe(false);
  });
});
