import { describe, expect, test } from '@jest/globals';
import type { Segment, Word } from '#shared/contracts/chunk-transcript';
import { coverageOf } from './coverage.ts';

/** A word every 0.5 s. */
function words(from: number, count: number): Word[] {
  return Array.from({ length: count }, (_, index) => {
    const start = from + 0.5 * index;
    return { word: 'lighthouse', start, end: start + 0.5 };
  });
}

function timed(said: Word[]): Segment {
  return {
    start: said[0]?.start ?? 0,
    end: said.at(-1)?.end ?? 0,
    text: said.map(({ word }) => word).join(' '),
    words: said,
  };
}

describe('speech that has text', () => {
  test('has none where a segment’s words leave a pause', () => {
    const { coveredSeconds, holes } = coverageOf([[0, 30]], [timed([...words(0, 20), ...words(20, 20)])]);
    expect(coveredSeconds).toBeCloseTo(21);
    expect(holes).toMatchObject([{ start: 10.5, end: 19.5, speechSeconds: 9 }]);
  });

  test('has as much of a sparse run as its words take, from where they begin', () => {
    const sparse: Segment = { start: 10, end: 50, text: 'ten characters or twenty' };
    const { holes } = coverageOf([[0, 60]], [sparse]);
    expect(holes).toMatchObject([
      { start: 0, end: 9.5 },
      { start: 13.5, end: 60 },
    ]);
  });

  test('has all that a segment claims whose times were worked out from silences', () => {
    const estimated: Segment = { start: 10, end: 50, text: 'ten characters or twenty', estimated: true };
    expect(coverageOf([[10, 50]], [estimated])).toMatchObject({ share: 1, holes: [] });
  });

  test('is none where a sure marker stands, up to the next segment, in whatever order they come', () => {
    const marker: Segment = { start: 10, end: 11, text: '(music)', nonSpeech: true, noSpeechProb: 0.6 };
    const after = timed(words(20, 80));
    const before = timed(words(0, 20));
    const { explained, holes } = coverageOf([[0, 60]], [after, marker, before]);
    expect(explained).toEqual([[10.5, 19.5]]);
    expect(holes).toEqual([]);
  });

  test('counts from where there is sound', () => {
    expect(coverageOf([[5, 10]], [])).toMatchObject({ speechSeconds: 5, share: 0, holes: [{ start: 5, end: 10 }] });
    expect(coverageOf([], [])).toMatchObject({ speechSeconds: 0, share: 1, holes: [] });
  });
});
