import { expect, test } from '@jest/globals';
import { analysePart } from './analyse-part.ts';
import { scoreSentences } from './score-sentences.ts';
import { sentenceVectors } from './sentence-vectors.ts';

/** The scores of sentences whose ranks are these, or all the same. */
function scores(texts: string[], ranks: number[] = texts.map(() => 1), language = 'en'): number[] {
  const analysis = analysePart({ segments: [{ start: 0, end: 60, text: texts.join(' ') }], first: 0, language });
  expect(analysis.texts).toHaveLength(texts.length);
  return [...scoreSentences(analysis, sentenceVectors(analysis), Float64Array.from(ranks), language)];
}

const FACT = 'Tidal mills ground flour near Ashford harbour until steam engines arrived.';

test('a central sentence scores in proportion to its rank', () => {
  expect(scores([FACT, FACT], [2, 1])).toEqual([1, 0.5]);
});

test.each([
  ['a question', 'Did tidal mills grind flour near Ashford harbour before steam engines arrived?'],
  ['about the speaker', 'My grandfather visited tidal mills near Ashford harbour before steam engines arrived.'],
  ['leaning on what was said before', 'They ground flour near Ashford harbour until loud steam engines arrived.'],
  ['short', 'Tidal mills ground flour.'],
])('a sentence that is %s scores less than a fact', (_, text) => {
  const [fact, other] = scores([FACT, text]);
  expect(fact).toBe(1);
  expect(other).toBeLessThan(0.8);
});

test('greetings at the beginning and goodbyes at the end score less, in a transcript of some length', () => {
  const long = scores(Array.from({ length: 40 }, () => FACT));
  expect([long[0], long[1], long[2], long[37], long[38], long[39]]).toEqual([0.5, 0.5, 1, 1, 0.5, 0.5]);
  expect(scores([FACT, FACT, FACT])).toEqual([1, 1, 1]);
});
