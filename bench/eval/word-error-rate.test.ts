import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { alignWords } from './align-words.ts';
import { wordErrorRate } from './word-error-rate.ts';

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 90 });

describe('wordErrorRate', () => {
  test('counts each kind of error and shows where it is', () => {
    const result = wordErrorRate(
      'The keeper climbed the stairs every night to wind the heavy weight.',
      'The old keeper climbed the steps every night to wind heavy weight',
    );
    expect(result).toMatchObject({ words: 12, substitutions: 1, insertions: 1, deletions: 1, rate: 3 / 12 });
    expect(result.differences).toEqual([
      { at: 1, before: 'the', reference: '', hypothesis: 'old', after: 'keeper climbed the stairs' },
      {
        at: 4,
        before: 'the keeper climbed the',
        reference: 'stairs',
        hypothesis: 'steps',
        after: 'every night to wind',
      },
      { at: 9, before: 'every night to wind', reference: 'the', hypothesis: '', after: 'heavy weight' },
    ]);
  });

  test('neighbouring errors are one difference, up to the last word', () => {
    const { differences } = wordErrorRate('count the light houses', 'count them lighthouses');
    expect(differences).toEqual([
      { at: 1, before: 'count', reference: 'the light houses', hypothesis: 'them lighthouses', after: '' },
    ]);
  });

  test('what only looks different is no error', () => {
    const rate = wordErrorRate('In nineteen ninety-eight, Mister Hall was okay.', 'in 1998 Mr. Hall was OK').rate;
    expect(rate).toBe(0);
  });

  test('an empty transcript misses everything, and words against silence are counted', () => {
    expect(wordErrorRate('one two three', '')).toMatchObject({ rate: 1, deletions: 3 });
    expect(wordErrorRate('', 'thank you')).toMatchObject({ rate: 2, insertions: 2, words: 0 });
    expect(wordErrorRate('', '')).toMatchObject({ rate: 0, differences: [] });
  });

  test('the errors are the Levenshtein distance, and the steps turn the one text into the other', () => {
    fc.assert(
      fc.property(words, words, (reference, hypothesis) => {
        const steps = alignWords(reference, hypothesis);
        expect(steps.filter(({ kind }) => kind !== 'match')).toHaveLength(levenshtein(reference, hypothesis));
        const rebuilt = steps
          .filter(({ kind }) => kind !== 'deletion')
          .map(({ kind, reference: at, hypothesis: to }) => (kind === 'match' ? reference[at] : hypothesis[to]));
        expect(rebuilt).toEqual(hypothesis);
        const consumed = steps.filter(({ kind }) => kind !== 'insertion').map(({ reference: at }) => at);
        expect(consumed).toEqual(reference.map((_, at) => at));
      }),
    );
  });

  test('a distance far beyond the first band is still exact', () => {
    const reference = Array.from({ length: 400 }, (_, i) => `w${i}`);
    const hypothesis = [...reference.slice(200), ...reference.slice(0, 150)];
    expect(alignWords(reference, hypothesis).filter(({ kind }) => kind !== 'match')).toHaveLength(
      levenshtein(reference, hypothesis),
    );
  });

  test('a three-hour transcript with every fiftieth word wrong is aligned exactly', () => {
    const said = Array.from({ length: 30_000 }, (_, i) => `w${(i * 7919) % 3001}`);
    const heard = said.flatMap(
      (word, i) => (i % 50 === 0 ? [['other'], [], [word, 'more']][(i / 50) % 3] : [word]) ?? [],
    );
    const { substitutions, deletions, insertions } = wordErrorRate(said.join(' '), heard.join(' '));
    expect({ substitutions, deletions, insertions }).toEqual({ substitutions: 200, deletions: 200, insertions: 200 });
  });

  test('what would not fit into memory is refused with the sizes', () => {
    expect(() => alignWords(Array(2 ** 20).fill('a'), Array(2 ** 11).fill('b'))).toThrow(/1048576 words against 2048/);
  });
});

function levenshtein(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, j) => j + 1);
  a.forEach((word, i) => {
    let diagonal = i;
    let left = i + 1;
    row = row.map((above, j) => {
      left = Math.min(above + 1, left + 1, diagonal + (word === b[j] ? 0 : 1));
      diagonal = above;
      return left;
    });
  });
  return row.at(-1) ?? a.length;
}
