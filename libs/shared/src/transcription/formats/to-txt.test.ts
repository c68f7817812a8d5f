import { expect, test } from '@jest/globals';
import type { TranscriptSegment } from '#shared/contracts/transcript';
import { clockTime, subtitleTime } from './clock.ts';
import { formatTranscript } from './format-transcript.ts';
import { toTxt } from './to-txt.ts';

const SEGMENTS: TranscriptSegment[] = [
  { start: 0, end: 4, text: 'Hello there. It is', chunk: 0 },
  { start: 4, end: 6, text: 'late.', chunk: 0 },
  { start: 247.2, end: 250, text: 'Good night.', chunk: 1 },
];

test('a pause begins a paragraph; a sentence does not break', () => {
  expect(toTxt({ segments: SEGMENTS })).toBe('Hello there. It is late.\n\nGood night.\n');
});

test('paragraphs say when they begin, if asked', () => {
  expect(toTxt({ segments: SEGMENTS }, { timestamps: true })).toBe(
    '[0:00] Hello there. It is late.\n\n[4:07] Good night.\n',
  );
});

test('a paragraph ends with the sentence that makes it long', () => {
  const text = 'This is a sentence of some length, as people say it. ';
  const segments = Array.from({ length: 40 }, (_, index) => ({
    start: index,
    end: index + 1,
    text: text.trim(),
    chunk: 0,
  }));
  const paragraphs = toTxt({ segments }).split('\n\n');
  expect(paragraphs.length).toBe(3);
  expect(paragraphs.every((paragraph) => paragraph.trimEnd().endsWith('say it.'))).toBe(true);
});

test('nothing said is an empty file', () => {
  expect(toTxt({ segments: [] })).toBe('');
});

test('times are written for machines and for people', () => {
  expect(subtitleTime(3661.0405, ',')).toBe('01:01:01,041');
  expect(subtitleTime(94.5, '.')).toBe('00:01:34.500');
  expect(subtitleTime(59.9996, '.')).toBe('00:01:00.000');
  expect([clockTime(59.9), clockTime(60), clockTime(3847)]).toEqual(['0:59', '1:00', '1:04:07']);
});

test('each format is what its name says', () => {
  const figures = { audioSeconds: 250, workSeconds: 1, realTimeFactor: 0.004, chunks: [] };
  const coverage = { speechSeconds: 0, coveredSeconds: 0, share: 1, gaps: [] };
  const transcript = {
    v: 1,
    episodeId: 'a',
    language: 'en',
    seconds: 250,
    providers: [],
    models: [],
    segments: SEGMENTS,
    coverage,
    figures,
  } as const;
  const as = (format: 'json' | 'txt' | 'srt' | 'vtt') =>
    formatTranscript({ ...transcript, providers: [], models: [], segments: SEGMENTS, coverage, figures }, format);
  expect(JSON.parse(as('json'))).toEqual(transcript);
  expect(as('txt')).toBe(toTxt({ segments: SEGMENTS }));
  expect(as('srt')).toMatch(/^1\n00:00:00,000 --> /);
  expect(as('vtt')).toMatch(/^WEBVTT\n/);
});
