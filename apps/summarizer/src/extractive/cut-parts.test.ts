import { expect, test } from '@jest/globals';
import { analysePart } from './analyse-part.ts';
import { joinAnalyses } from './analysis.ts';
import { cutParts } from './cut-parts.ts';

const segments = Array.from({ length: 1200 }, (_, i) => ({
  start: i,
  end: i + 1,
  text: i % 3 === 2 ? `and word ${i} ends it here.` : `The talk about thing ${i} goes on and on`,
}));

test('parts are joined to what the whole would have been', () => {
  const parts = cutParts(segments, 'en');
  expect(parts.length).toBeGreaterThan(1);
  const joined = joinAnalyses(parts.map(analysePart));
  expect(joined).toEqual(analysePart({ segments, first: 0, language: 'en' }));
});

test('speech without punctuation is cut all the same', () => {
  const endless = segments.map((segment) => ({ ...segment, text: 'on and on '.repeat(4) }));
  const parts = cutParts(endless, 'en');
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flatMap((part) => part.segments)).toEqual(endless);
});
