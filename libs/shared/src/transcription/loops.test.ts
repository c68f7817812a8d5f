import { describe, expect, test } from '@jest/globals';
import type { Segment } from '#shared/contracts/chunk-transcript';
import { compressionRatio, findLoops } from './loops.ts';

/** A segment every 5 s. */
function segments(...texts: string[]): Segment[] {
  return texts.map((text, index) => ({ start: 5 * index, end: 5 * index + 5, text }));
}

/** Sentences with small changes: no phrase is repeated often enough to be a loop by itself. */
function nearlyAlike(length: number): string[] {
  return Array.from({ length }, (_, index) => `and then number ${index} of the people went down to the river`);
}

/** Two minutes of a real programme, spoken freely enough to repeat words. */
const SPEECH = segments(
  'Hello, and welcome to Small Wonders, the show about ordinary things with remarkable stories.',
  'I am Anna, and today we are going to the edge of the sea. We will find out how a lighthouse',
  'tells every passing ship its own name. My guest has looked after one of these houses for many years.',
  'He has cleaned its windows in winter storms, and he knows the sound of every stair. No, no, no, not that one.',
  'It is very, very old. For as long as people have sailed at night, other people have lit fires to guide them home.',
);

describe('an engine that repeats itself', () => {
  test('a phrase over and over is a loop', () => {
    const loops = findLoops(segments('We begin here.', ...Array.from({ length: 12 }, () => 'Thank you for watching.')));
    expect(loops).toEqual([{ start: 5, end: 65, message: '"thank you for watching" is repeated 12 times' }]);
  });

  test('a single word over and over is a loop', () => {
    expect(findLoops(segments('so '.repeat(40)))[0]?.message).toBe('"so" is repeated 40 times');
  });

  test('a long sentence with small changes packs too well to be speech', () => {
    expect(findLoops(segments(nearlyAlike(8).join(' ')))[0]?.message).toContain('packs');
  });

  test('text that only together packs too well is one, as long as it is in one window of 30 s', () => {
    expect(findLoops(segments(...nearlyAlike(6)))).toMatchObject([{ start: 0, end: 30 }]);
    const apart = segments(...nearlyAlike(6)).map((one, index) => ({ ...one, start: 31 * index, end: 31 * index + 5 }));
    expect(findLoops(apart)).toEqual([]);
  });

  test('text that packs too well is one wherever it stands', () => {
    const late = segments(...nearlyAlike(6)).map((one) => ({ ...one, start: one.start + 100, end: one.end + 100 }));
    expect(findLoops([...SPEECH, ...late])).toMatchObject([{ start: 100, end: 130 }]);
  });

  test('of two phrases the one that is repeated longer is named', () => {
    const twice = segments('yes it is '.repeat(6), 'We go on with something else.', 'over and out now '.repeat(12));
    expect(findLoops(twice)).toMatchObject([
      { start: 10, end: 15, message: '"over and out now" is repeated 12 times' },
    ]);
  });

  test('speech is none, nor is a "no" said nine times, nor descriptions of sounds', () => {
    expect(findLoops(SPEECH)).toEqual([]);
    expect(findLoops(segments('no '.repeat(9)))).toEqual([]);
    const music = segments(...Array.from({ length: 30 }, () => '[MUSIC]')).map((one) => ({
      ...one,
      nonSpeech: true as const,
    }));
    expect(findLoops(music)).toEqual([]);
  });
});

test('the ratio is that of whisper: bytes of the text by bytes of zlib', () => {
  expect(compressionRatio('')).toBe(0);
  // Python: len(b'a' * 1000) / len(zlib.compress(b'a' * 1000)) with zlib 1.2.13
  expect(compressionRatio('a'.repeat(1000))).toBeCloseTo(1000 / 17, 0);
  expect(compressionRatio(SPEECH.map(({ text }) => text).join(' '))).toBeLessThan(2);
});
