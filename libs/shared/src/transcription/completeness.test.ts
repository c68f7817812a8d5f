import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Segment } from '#shared/contracts/chunk-transcript';
import { type CheckedAnswer, checkCompleteness, COMPLETENESS_LIMITS, isBetter } from './completeness.ts';

/** Words of no language, never the same twice in a row, so that no text looks like a loop. */
function babble(characters: number, seed: number): string {
  let state = seed;
  let text = '';
  while (text.length < characters) {
    state = (state * 48_271) % 2_147_483_647;
    text += state % 6 === 0 ? ' ' : String.fromCodePoint(97 + (state % 25));
  }
  return text.trim();
}

/** Ordinary speech from `start` to `end`: about 15 characters a second. */
function speech(start: number, end: number): Segment {
  return { start, end, text: babble(15 * (end - start), 1 + start) };
}

function sound(text: string, start: number, end: number, noSpeechProb = 0.3): Segment {
  return { start, end, text, nonSpeech: true, noSpeechProb };
}

function check(answer: Partial<CheckedAnswer>) {
  return checkCompleteness({ seconds: 60, speech: [[0, 60]], segments: [], warnings: [], ...answer });
}

function kinds(answer: Partial<CheckedAnswer>): string[] {
  return check(answer).findings.map(({ kind }) => kind);
}

describe('an answer is complete', () => {
  test('when all speech has text', () => {
    const fine = [speech(0, 20), speech(20, 40), speech(40, 60)];
    expect(check({ segments: fine })).toMatchObject({ share: 1, speechSeconds: 60, coveredSeconds: 60, findings: [] });
  });

  test('when silence has none', () => {
    expect(
      kinds({
        speech: [
          [0, 10],
          [50, 60],
        ],
        segments: [speech(0, 10), speech(50, 60)],
      }),
    ).toEqual([]);
    expect(kinds({ speech: [] })).toEqual([]);
  });

  test('when a cough has none', () => {
    expect(
      kinds({
        speech: [
          [3, 4],
          [20, 21],
        ],
      }),
    ).toEqual([]);
  });

  test('when what has none is short, as a jingle is', () => {
    expect(kinds({ segments: [speech(8, 60)] })).toEqual([]);
    // Half a second at each end belongs to its neighbours: 9 s without text, then 10.
    expect(kinds({ segments: [speech(0, 20), speech(30, 60)] })).toEqual([]);
    expect(kinds({ segments: [speech(0, 20), speech(31, 60)] })).toEqual(['hole']);
  });

  test('when most of a short chunk has none', () => {
    expect(kinds({ seconds: 9, speech: [[0, 9]], segments: [speech(0, 2)] })).toEqual([]);
  });

  test('when it is spoken as fast as an auctioneer, or when a few words are badly timed', () => {
    const rapid = (characters: number, seconds: number): string[] =>
      kinds({ seconds, speech: [[0, seconds]], segments: [{ start: 0, end: seconds, text: babble(characters, 5) }] });
    expect(rapid(400, 10)).toEqual([]);
    expect(rapid(200, 1)).toEqual([]);
    expect(rapid(420, 6)).toEqual(['too-fast']);
  });

  test('when the engine names the sound, for as long as it says', () => {
    expect(kinds({ segments: [sound('[MUSIC]', 0, 30), speech(30, 60)] })).toEqual([]);
    expect(kinds({ segments: [sound('(applause)', 0, 60)] })).toEqual([]);
    expect(kinds({ segments: [sound('[MUSIC]', 0, 3), speech(30, 60)] })).toEqual(['hole']);
  });

  test('when the engine is sure that nobody speaks: then one marker stands for the rest of its window', () => {
    expect(kinds({ segments: [sound('(upbeat music)', 0, 2.6, 0.88), speech(30, 60)] })).toEqual([]);
    expect(kinds({ segments: [sound('', 0, 1, 0.9), sound('[BLANK_AUDIO]', 30, 31, 0.9)] })).toEqual([]);
    expect(kinds({ segments: [sound('(upbeat music)', 0, 2.6, 0.88)] })).toEqual(['empty-for-speech']);
  });

  test('when an attempt with other settings heard nothing there either', () => {
    const segments = [speech(0, 20), speech(40, 60)];
    const { holes } = check({ segments });
    expect(kinds({ segments })).toEqual(['hole']);
    expect(kinds({ segments, earlierHoles: holes.map(({ start, end }) => [start, end] as const) })).toEqual([]);
    expect(kinds({ segments, earlierHoles: [[0, 10]] })).toEqual(['hole']);
    // A fifth of the hole, of 19 s, may have had text.
    expect(kinds({ segments, earlierHoles: [[20.5, 36]] })).toEqual([]);
    expect(kinds({ segments, earlierHoles: [[20.5, 35]] })).toEqual(['hole']);
  });
});

describe('an answer is not complete', () => {
  test('without text for speech', () => {
    expect(check({}).findings).toEqual([{ kind: 'empty-for-speech', message: 'no text for 60.0 s of speech' }]);
    expect(kinds({ segments: [sound('[BLANK_AUDIO]', 0, 60)] })).toEqual(['empty-for-speech']);
    expect(kinds({ segments: [sound('[INAUDIBLE]', 0, 60)] })).toEqual(['empty-for-speech']);
  });

  test('with a hole, and says where', () => {
    expect(check({ segments: [speech(0, 20), speech(40, 60)] }).findings).toEqual([
      { kind: 'hole', message: 'no text for 19.0 s of speech between 20.5 s and 39.5 s', start: 20.5, end: 39.5 },
    ]);
  });

  test('with a hole that is most of it, which is told once', () => {
    expect(check({ segments: [speech(0, 10)] }).findings).toMatchObject([{ kind: 'hole', start: 10.5 }]);
  });

  test('when few words are stretched over much speech', () => {
    const stretched = { start: 0, end: 17, text: 'and that is what it was in the beginning', words: 9 };
    const words = stretched.text
      .split(' ')
      .map((word, index) => ({ word, start: index * 1.9, end: index * 1.9 + 1.8 }));
    expect(
      kinds({ seconds: 17, speech: [[0, 17]], segments: [{ start: 0, end: 17, text: stretched.text, words }] }),
    ).toEqual(['hole']);
  });

  test('when many short holes leave less than half', () => {
    const scattered = Array.from({ length: 6 }, (_, index) => speech(10 * index, 10 * index + 2));
    expect(check({ segments: scattered }).findings).toMatchObject([
      { kind: 'hole', message: 'only 29 % of 60.0 s of speech have text' },
    ]);
  });

  test('when song-length silence repeats itself too long to be a song', () => {
    const { holes } = check({ seconds: 300, speech: [[0, 300]] });
    const earlierHoles = holes.map(({ start, end }) => [start, end] as const);
    expect(kinds({ seconds: 300, speech: [[0, 300]], earlierHoles })).toEqual(['empty-for-speech']);
    expect(kinds({ seconds: 200, speech: [[0, 200]], earlierHoles })).toEqual([]);
  });

  test('when the engine repeats itself', () => {
    expect(kinds({ segments: [{ start: 0, end: 60, text: 'Thank you. '.repeat(50).trim() }] })).toEqual(['loop']);
  });

  test('when nobody can have said so much', () => {
    const crammed = { start: 0, end: 5, text: babble(600, 5) };
    expect(kinds({ seconds: 5, speech: [[0, 5]], segments: [crammed] })).toEqual(['too-fast']);
  });

  test('when nobody can have said so much late in it, after ordinary speech', () => {
    const flood: Segment = { start: 40, end: 46, text: babble(420, 5) };
    expect(kinds({ segments: [speech(0, 20), speech(20, 40), flood, speech(46, 60)] })).toEqual(['too-fast']);
  });

  test('when its times lie outside, or it was cut off', () => {
    const warnings = ['timestamps-outside', 'timestamps-missing', 'truncated'].map((reason) => ({
      reason,
      message: 'x',
    }));
    expect(kinds({ segments: [speech(0, 60)], warnings })).toContain('timestamps-outside');
    expect(kinds({ speech: [], warnings })).toEqual(['timestamps-outside', 'truncated']);
  });
});

test('the better of two attempts has no loop, then more text', () => {
  const loop = check({ segments: [{ start: 0, end: 60, text: 'Thank you. '.repeat(90).trim() }] });
  const half = check({ segments: [speech(0, 30)] });
  const less = check({ segments: [speech(0, 10)] });
  expect([isBetter(half, loop), isBetter(loop, half), isBetter(half, less), isBetter(less, half)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test('figures stay in their bounds whatever is compared', () => {
  const span = fc.tuple(fc.nat(60), fc.nat(20)).map(([start, length]): [number, number] => [start, start + length]);
  fc.assert(
    fc.property(fc.array(span), fc.array(span), (sounds, texts) => {
      const { share, speechSeconds, coveredSeconds, holes } = check({
        seconds: 80,
        speech: sounds,
        segments: texts.map(([start, end]) => speech(start, end)),
      });
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
      expect(coveredSeconds).toBeLessThanOrEqual(speechSeconds + 1e-9);
      expect(holes.every(({ start, end }) => end > start && end - start <= 80)).toBe(true);
    }),
  );
  expect(COMPLETENESS_LIMITS.holeSeconds).toBeGreaterThan(0);
});

test('an attempt that nobody can have said is worse than one with less text; of two alike neither is better', () => {
  const crammed = check({ segments: [{ start: 0, end: 5, text: babble(600, 5) }, speech(5, 60)] });
  const less = check({ segments: [speech(0, 10)] });
  expect([isBetter(less, crammed), isBetter(crammed, less), isBetter(less, less)]).toEqual([true, false, false]);
});
