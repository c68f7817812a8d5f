import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { rouge1, rougeL } from './rouge.ts';

describe('ROUGE', () => {
  test('ROUGE-1 counts a shared word as often as both have it', () => {
    const { precision, recall, f1 } = rouge1('The cat sat on the mat.', 'the the the cat');
    expect(precision).toBeCloseTo(3 / 4);
    expect(recall).toBeCloseTo(3 / 6);
    expect(f1).toBeCloseTo(0.6);
  });

  test('ROUGE-L rewards the order of the words, as in the example of its paper', () => {
    expect(rougeL('police killed the gunman', 'police kill the gunman').f1).toBeCloseTo(3 / 4);
    expect(rougeL('police killed the gunman', 'the gunman kill police').f1).toBeCloseTo(2 / 4);
    expect(rouge1('police killed the gunman', 'the gunman kill police').f1).toBeCloseTo(3 / 4);
  });

  test('punctuation and case do not count, and words are found without spaces between them', () => {
    expect(rouge1('“Hello,” she said.', 'hello she SAID').f1).toBe(1);
    expect(rouge1('今日は天気がいい', '今日は天気が悪い', 'ja').f1).toBeGreaterThan(0.5);
  });

  test('empty texts overlap in nothing', () => {
    expect(rouge1('', '')).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(rougeL('some words', '')).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  const text = fc.array(fc.constantFrom('light', 'sea', 'keeper', 'tower', 'glass'), { maxLength: 30 });

  test('a text overlaps with itself wholly, and what is shared in order is shared at all', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [one, other] = [a.join(' '), b.join(' ')];
        if (a.length > 0) expect(rougeL(one, one).f1).toBe(1);
        expect(rougeL(one, other).f1).toBeLessThanOrEqual(rouge1(one, other).f1);
        expect(rougeL(one, other).precision).toBeCloseTo(rougeL(other, one).recall);
      }),
    );
  });
});
