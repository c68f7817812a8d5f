import { expect, test } from '@jest/globals';
import { sentencesOf } from './sentences.ts';

test('sentences run over segments, with the times of their first and last word', () => {
  const word = (text: string, start: number) => ({ word: text, start, end: start + 0.5 });
  const segments = [
    {
      start: 0,
      end: 2,
      text: 'Hello there. It',
      chunk: 0,
      words: [word('Hello', 0), word('there.', 1), word('It', 1.5)],
    },
    { start: 2, end: 6, text: 'is late. Good night.', chunk: 0 },
  ];
  expect(sentencesOf(segments)).toEqual([
    { start: 0, end: 1.5, text: 'Hello there.' },
    { start: 1.5, end: 3.647, text: 'It is late.' },
    { start: 3.647, end: 6, text: 'Good night.' },
  ]);
});

test('a transcript without text has none', () => {
  expect(sentencesOf([])).toEqual([]);
});
