import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { repairTimes } from './repair-times.ts';

describe('repaired times', () => {
  test('good ones stay as they are', () => {
    const given = [
      { start: 0, end: 1 },
      { start: 1.5, end: 2 },
      { start: 2, end: 3 },
    ];
    expect(repairTimes(given, 0, 3, 3)).toEqual({ times: given, missing: 0, outside: 0, unordered: 0 });
  });

  test('a wild one does not move its neighbours', () => {
    const given = [
      { start: 0, end: 1 },
      { start: 290, end: 291 },
      { start: 2, end: 3 },
      { start: 3, end: 4 },
    ];
    const { times, unordered } = repairTimes(given, 0, 300, 300);
    expect(unordered).toBe(1);
    expect(times.map(({ start }) => start)).toEqual([0, 1, 2, 3]);
  });

  test('missing ones lie between their neighbours', () => {
    const given = [{ start: 2, end: 3 }, { start: -1, end: -1 }, {}, { start: 8, end: 9 }];
    const { times, missing } = repairTimes(given, 0, 10, 1);
    expect(missing).toBe(2);
    expect(times).toEqual([
      { start: 2, end: 3 },
      { start: 4, end: 5 },
      { start: 6, end: 7 },
      { start: 8, end: 9 },
    ]);
  });

  test('those outside are counted, the rounded last end is not', () => {
    expect(repairTimes([{ start: 3, end: 30 }], 0, 5, 5)).toEqual({
      times: [{ start: 3, end: 5 }],
      missing: 0,
      outside: 0,
      unordered: 0,
    });
    expect(
      repairTimes(
        [
          { start: 1, end: 2 },
          { start: 700, end: 701 },
        ],
        0,
        5,
        5,
      ).outside,
    ).toBe(1);
  });

  test('whatever is given, they are ordered, apart and inside', () => {
    const time = fc.option(fc.oneof(fc.double(), fc.double({ min: -5, max: 40, noNaN: true })), { nil: undefined });
    const bounds = fc.tuple(fc.nat(10), fc.nat(20));
    fc.assert(
      fc.property(fc.array(fc.record({ start: time, end: time })), bounds, (given, [from, length]) => {
        const { times } = repairTimes(given, from, from + length, 1);
        expect(times).toHaveLength(given.length);
        let earliest = from;
        for (const { start, end } of times) {
          expect(start).toBeGreaterThanOrEqual(earliest);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(from + length);
          earliest = end;
        }
      }),
    );
  });
});
