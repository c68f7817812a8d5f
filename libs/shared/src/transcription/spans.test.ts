import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { difference, intersectionOf, lengthOf, type Span, unionOf } from './spans.ts';

const spans = fc.array(
  fc.tuple(fc.nat(30), fc.nat(8)).map(([start, length]): Span => [start, start + length]),
  { maxLength: 8 },
);

/** The whole seconds that lie in any of the spans: what the arithmetic must agree with. */
function seconds(list: readonly Span[]): number[] {
  return Array.from({ length: 40 }, (_, second) => second).filter((second) =>
    list.some(([start, end]) => start <= second && second < end),
  );
}

test('union, intersection and difference agree with sets of seconds', () => {
  fc.assert(
    fc.property(spans, spans, (one, other) => {
      expect(seconds(unionOf(one))).toEqual(seconds(one));
      expect(seconds(intersectionOf(one, other))).toEqual(
        seconds(one).filter((second) => seconds(other).includes(second)),
      );
      expect(seconds(difference(one, other))).toEqual(
        seconds(one).filter((second) => !seconds(other).includes(second)),
      );
      expect(lengthOf(one)).toBe(seconds(one).length);
    }),
  );
});

test('a union is in order and has no seams', () => {
  expect(
    unionOf([
      [5, 6],
      [1, 2],
      [2, 3],
      [4, 4],
    ]),
  ).toEqual([
    [1, 3],
    [5, 6],
  ]);
});
