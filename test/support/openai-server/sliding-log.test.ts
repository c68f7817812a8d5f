import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SlidingLog } from './sliding-log.ts';

function logOf(entries: readonly (readonly [at: number, amount: number])[]): SlidingLog {
  const log = new SlidingLog();
  for (const [at, amount] of entries) log.add(at, amount);
  return log;
}

describe('a sliding log', () => {
  test('forgets what is exactly one window old', () => {
    const log = logOf([
      [0, 3],
      [40, 2],
    ]);
    expect(log.usedSince(99, 100)).toBe(5);
    expect(log.usedSince(100, 100)).toBe(2);
    expect(log.mostInAnyWindow(40)).toBe(3);
    expect(log.mostInAnyWindow(41)).toBe(5);
  });

  test('says how long until an amount fits', () => {
    const log = logOf([
      [0, 3],
      [40, 2],
    ]);
    expect(log.waitFor(50, 100, 1, 6)).toBe(0);
    expect(log.waitFor(50, 100, 4, 6)).toBe(50);
    expect(log.waitFor(50, 100, 5, 6)).toBe(90);
    expect(log.waitFor(50, 100, 7, 6)).toBe(Infinity);
  });

  test('finds the fullest window, whatever the order of entries', () => {
    const entry = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.integer({ min: 1, max: 200 }), (entries, windowMs) => {
        const slow = entries.map(([from]) =>
          entries.reduce((sum, [at, amount]) => sum + (at >= from && at < from + windowMs ? amount : 0), 0),
        );
        expect(logOf(entries).mostInAnyWindow(windowMs)).toBe(Math.max(0, ...slow));
      }),
    );
  });
});
