import { describe, expect, test } from '@jest/globals';
import { analysePart } from './analyse-part.ts';
import type { Analysis } from './analysis.ts';
import { nameChapters } from './chapters.ts';
import { withoutFrequentTerms } from './frequent-terms.ts';
import { keyTerms } from './key-terms.ts';

const analyse = (text: string, language = 'en'): Analysis =>
  analysePart({ segments: [{ start: 0, end: 60, text }], first: 0, language });

const terms = (text: string, count: number): string[] => {
  const analysis = analyse(text);
  return keyTerms(analysis, new Float64Array(analysis.texts.length).fill(1), count).map((term) => term.text);
};

describe('key terms', () => {
  test('words that keep standing side by side make a phrase, which stands for them', () => {
    const text = 'The tide mill is old. A tide mill grinds flour. We love the tide mill. Flour is white.';
    expect(terms(text, 2)).toEqual(['tide mill', 'flour']);
  });

  test('are written as they mostly are, without the capital that begins a sentence', () => {
    expect(terms('Flour comes from Ashford. Flour is what Ashford sells. Bread needs flour.', 2)).toEqual([
      'flour',
      'Ashford',
    ]);
  });

  test('numbers alone are none', () => {
    expect(terms('1200 came. 1200 and 800 left. Mills stayed.', 9)).toEqual(['came', 'left', 'mills', 'stayed']);
  });
});

test('without a list of stop words the most frequent words are taken for them', () => {
  const sentences = Array.from({ length: 30 }, (_, i) => `Og ${i % 3 === 0 ? 'møllen' : `ord${i}`} den.`);
  const analysis = withoutFrequentTerms(analyse(sentences.join(' '), 'da'), 'da');
  const left = new Set([...analysis.terms].filter((term) => term >= 0).map((term) => analysis.vocabulary[term]));
  expect(left.has('og')).toBe(false);
  expect(left.has('den')).toBe(false);
  expect(left.has('ord1')).toBe(true);
});

describe('chapters', () => {
  const analysis = analyse('Bees make honey. Bees love honey. Trains leave stations. Trains need stations.');
  const scores = Float64Array.of(1, 1, 1, 1);

  test('are named after what only they are about', () => {
    const inTwo = { ...analysis, segments: Int32Array.of(0, 0, 1, 1) };
    expect(nameChapters(inTwo, scores, [0, 2], [0, 30])).toEqual([
      { title: 'Bees, honey, love', start: 0 },
      { title: 'Trains, stations, leave', start: 30 },
    ]);
  });

  test('two topics that begin in one segment are not told apart', () => {
    expect(nameChapters(analysis, scores, [0, 2], [0])).toEqual([]);
  });
});
