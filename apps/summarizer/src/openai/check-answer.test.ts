import { describe, expect, test } from '@jest/globals';
import type { NotesAnswer } from './answer-schemas.ts';
import { type CheckedLists, checkLists } from './check-answer.ts';
import { TranscriptIndex } from './transcript-index.ts';

const segments = [
  { start: 0.5, end: 10, text: 'Anna tells of the mill.' },
  { start: 10.2, end: 20, text: 'The tide drives it.' },
  { start: 20.7, end: 30, text: 'It ground flour.' },
];
const nothing: NotesAnswer = {
  language: '',
  points: [],
  chapters: [],
  people: [],
  organisations: [],
  quotes: [],
  keywords: [],
};
const check = (answer: Partial<NotesAnswer>): CheckedLists =>
  checkLists({ ...nothing, ...answer }, new TranscriptIndex(segments), { segments, start: 0.5, end: 30 });

describe('times', () => {
  test('become those of the nearest segment, and entries stand in order of time', () => {
    const points = [
      { text: 'c', start: 19 },
      { text: '[0] a', start: 0 },
      { text: 'b', start: 12 },
    ];
    expect(check({ points }).points).toEqual([
      { text: 'a', start: 0.5 },
      { text: 'b', start: 10.2 },
      { text: 'c', start: 20.7 },
    ]);
  });

  test('outside of what the model was shown drop their entry', () => {
    const chapters = [4000, -50, Number.NaN, Infinity].map((start) => ({ title: 'x', start }));
    expect(check({ chapters }).chapters).toEqual([]);
  });

  test('of chapters are all different', () => {
    const chapters = [
      { title: 'first', start: 9 },
      { title: 'second', start: 11 },
    ];
    expect(check({ chapters }).chapters).toEqual([{ title: 'first', start: 10.2 }]);
  });
});

test('quotes nobody says are dropped and counted, repeated ones are given once', () => {
  const quotes = ['The tide drives it!', 'the tide drives it', 'The moon drives it.', 'It ground flour'];
  expect(check({ quotes })).toMatchObject({
    quotes: [
      { text: 'The tide drives it.', start: 10.2, end: 20 },
      { text: 'It ground flour.', start: 20.7, end: 30 },
    ],
    droppedQuotes: 1,
  });
});

test('people and organisations that are not mentioned are dropped and counted', () => {
  expect(check({ people: ['Anna Berg', 'anna berg', 'Elon'], organisations: ['Mill Ltd', 'ACME', ' '] })).toMatchObject(
    {
      people: ['Anna Berg'],
      organisations: ['Mill Ltd'],
      droppedNames: 2,
    },
  );
});

test('texts are cut to size and stand on one line', () => {
  const { points, keywords } = check({
    points: [{ text: `a\n\u0007${'b'.repeat(900)}`, start: 0 }],
    keywords: ['  tide ', 'Tide', 'mill\u202e', ''],
  });
  expect(points[0]!.text).toMatch(/^a b+…$/);
  expect(points[0]!.text).toHaveLength(600);
  expect(keywords).toEqual(['tide', 'mill']);
});
