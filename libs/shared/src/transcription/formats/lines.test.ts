import { describe, expect, test } from '@jest/globals';
import { lineSized, type SpacedWord, twoLines } from './lines.ts';

const spaced = (words: readonly string[]): SpacedWord[] => words.map((word) => ({ word, spaced: true }));

describe('lines of a subtitle', () => {
  test('short text stays on one', () => {
    expect(twoLines(spaced(['Hello', 'there.']))).toEqual(['Hello there.']);
  });

  test('longer text is halved', () => {
    expect(twoLines(spaced('it was one of the seven wonders of the ancient world'.split(' ')))).toEqual([
      'it was one of the seven',
      'wonders of the ancient world',
    ]);
  });

  test('text for three is not lost', () => {
    const words = ['a'.repeat(28), 'b'.repeat(25), 'c'.repeat(28)];
    expect(twoLines(spaced(words))).toEqual([words.join(' ')]);
  });

  test('East Asian characters count twice', () => {
    expect(twoLines([...'東'.repeat(30)].map((word) => ({ word, spaced: false })))).toEqual([
      '東'.repeat(15),
      '東'.repeat(15),
    ]);
  });
});

test('a word that is longer than a line is cut between characters, never inside one', () => {
  const pieces = lineSized(`https://example.org/${'👩‍👩‍👧'.repeat(20)}`);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toBe(`https://example.org/${'👩‍👩‍👧'.repeat(20)}`);
  expect(pieces.every((piece) => !piece.startsWith('\u200D') && !piece.endsWith('\u200D'))).toBe(true);
});
