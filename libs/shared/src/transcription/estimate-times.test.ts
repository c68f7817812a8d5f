import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spreadOverSpeech } from './estimate-times.ts';

test('texts take the speech in proportion to their length, and skip the silence', () => {
  const speech = [
    [0, 10],
    [20, 30],
  ] as const;
  expect(spreadOverSpeech(['aaaaa', 'aaaaa', 'aaaaaaaaaa'], speech, 40)).toEqual([
    { start: 0, end: 5 },
    { start: 5, end: 10 },
    { start: 20, end: 30 },
  ]);
});

test('without a silence map they take the whole chunk', () => {
  expect(spreadOverSpeech(['a', 'a'], [], 8)).toEqual([
    { start: 0, end: 4 },
    { start: 4, end: 8 },
  ]);
});

test('times are ordered and inside, whatever the speech', () => {
  const span = fc.tuple(fc.nat(60), fc.nat(9)).map(([start, length]) => [start, start + length] as const);
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), fc.array(span), (texts, speech) => {
      let earliest = 0;
      for (const { start, end } of spreadOverSpeech(texts, speech, 50)) {
        expect(start).toBeGreaterThanOrEqual(earliest - 1e-6);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(50);
        earliest = end;
      }
    }),
  );
});
