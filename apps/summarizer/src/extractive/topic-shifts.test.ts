import { expect, test } from '@jest/globals';
import { analysePart } from './analyse-part.ts';
import { sentenceVectors } from './sentence-vectors.ts';
import { chapterLimits, topicShifts } from './topic-shifts.ts';

const BEES = [
  'The hive is full of bees.',
  'Bees make honey in summer.',
  'A queen rules the hive.',
  'Honey feeds the bees.',
];
const TRAINS = [
  'The train leaves the station.',
  'Rails carry every train.',
  'Stations sell tickets.',
  'A ticket opens the train.',
];

const talk = (...topics: string[][]): { text: string }[] =>
  topics.flatMap((topic) => Array.from({ length: 24 }, (_, i) => ({ text: topic[i % topic.length]! })));

test('a topic begins where the words change', () => {
  const segments = talk(BEES, TRAINS, BEES).map((segment, i) => ({ ...segment, start: i * 10, end: i * 10 + 10 }));
  const analysis = analysePart({ segments, first: 0, language: 'en' });
  const shifts = topicShifts(sentenceVectors(analysis), analysis.starts, { leastSeconds: 60, most: 10 });
  expect(shifts).toEqual([0, 24, 48]);
});

test('chapters are never shorter or more than allowed', () => {
  const segments = talk(BEES, TRAINS, BEES, TRAINS).map((segment, i) => ({ ...segment, start: i, end: i + 1 }));
  const analysis = analysePart({ segments, first: 0, language: 'en' });
  const vectors = sentenceVectors(analysis);
  expect(topicShifts(vectors, analysis.starts, { leastSeconds: 40, most: 10 })).toHaveLength(2);
  expect(topicShifts(vectors, analysis.starts, { leastSeconds: 1, most: 2 })).toHaveLength(2);
  expect(topicShifts([], new Float64Array(0), { leastSeconds: 1, most: 2 })).toEqual([]);
});

test.each([
  [60, 1],
  [300, 4],
  [3600, 10],
  [3 * 3600, 30],
])('%i seconds have at most %i chapters', (seconds, most) => {
  expect(chapterLimits(seconds).most).toBe(most);
});
