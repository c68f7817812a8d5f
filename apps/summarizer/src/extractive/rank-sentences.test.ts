import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analysePart } from './analyse-part.ts';
import { chooseSentences } from './choose-sentences.ts';
import { rankSentences } from './rank-sentences.ts';
import { sentenceGraph } from './sentence-graph.ts';
import { sentenceVectors, type SparseVector } from './sentence-vectors.ts';

const vectorsOf = (...sentences: string[]): SparseVector[] =>
  sentenceVectors(
    analysePart({ segments: [{ start: 0, end: 9, text: sentences.join(' ') }], first: 0, language: 'en' }),
  );

const dense = ({ terms, weights }: SparseVector, size: number): number[] => {
  const row = Array.from({ length: size }, () => 0);
  terms.forEach((term, k) => (row[term] = weights[k]!));
  return row;
};

describe('the graph', () => {
  test('has exactly the pairs whose cosine is high enough, as comparing all with all finds them', () => {
    const word = fc.constantFrom(
      'Mill',
      'Tide',
      'River',
      'Stone',
      'Wheel',
      'Flour',
      'Grain',
      'Baker',
      'Harbour',
      'Storm',
    );
    const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => `${words.join(' ')}.`);
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 12 }), (sentences) => {
        const vectors = vectorsOf(...sentences);
        expect(vectors).toHaveLength(sentences.length);
        const rows = vectors.map((vector) => dense(vector, 10));
        const expected = new Map<string, number>();
        rows.forEach((a, i) =>
          rows.slice(0, i).forEach((b, j) => {
            const cosine = a.reduce((sum, weight, k) => sum + weight * b[k]!, 0);
            if (cosine >= 0.08) expected.set(`${i} ${j}`, cosine);
          }),
        );
        const graph = sentenceGraph(vectors);
        const found = new Map([...graph.weights].map((weight, e) => [`${graph.from[e]} ${graph.to[e]}`, weight]));
        expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
        for (const [pair, cosine] of expected) expect(found.get(pair)).toBeCloseTo(cosine, 5);
      }),
      { numRuns: 50 },
    );
  });
});

describe('ranks', () => {
  test('add up to 1, and the sentence that others share words with comes first', () => {
    const vectors = vectorsOf(
      'The mill grinds grain.',
      'The river drives the wheel.',
      'The river and the mill and the wheel and the grain belong together.',
      'Somebody laughs.',
    );
    const ranks = rankSentences(sentenceGraph(vectors));
    expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(1, 6);
    expect(ranks.indexOf(Math.max(...ranks))).toBe(2);
    expect(ranks.indexOf(Math.min(...ranks))).toBe(3);
  });

  test('are equal where no sentence has anything in common with another', () => {
    const ranks = rankSentences(sentenceGraph(vectorsOf('Mills grind.', 'Bakers sleep.', 'Storms pass.')));
    for (const rank of ranks) expect(rank).toBeCloseTo(1 / 3, 6);
  });
});

describe('choosing', () => {
  const vectors = vectorsOf('The mill grinds grain.', 'The mill grinds grain.', 'Storms destroy harbours.');

  test('prefers what is new over a repetition with a higher score', () => {
    expect(chooseSentences(Float64Array.of(1, 0.9, 0.8), vectors, 2, 0.2)).toEqual([0, 2]);
    expect(chooseSentences(Float64Array.of(1, 0.9, 0.8), vectors, 2, 0)).toEqual([0, 1]);
  });

  test('never takes what scores nothing, nor more than there is', () => {
    expect(chooseSentences(Float64Array.of(0.5, 0, 0.1), vectors, 9, 0.2)).toEqual([0, 2]);
  });
});
