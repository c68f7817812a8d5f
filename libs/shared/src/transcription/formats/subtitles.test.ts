import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TranscriptSegment } from '#shared/contracts/transcript';
import { readSrt, readVtt } from '../../../../../test/support/read-subtitles.ts';
import { displayWidth } from '../words.ts';
import { charactersOf, cuesOf } from './cues.ts';
import { LONGEST_CUE, READING_SPEED, SHORTEST_CUE } from './divide-words.ts';
import { LINE_COLUMNS } from './lines.ts';
import { toSrt } from './to-srt.ts';
import { toVtt } from './to-vtt.ts';

/** Transcripts as a merge leaves them: ordered, apart, with or without times for the words. */
const segments: fc.Arbitrary<TranscriptSegment[]> = fc
  .array(
    fc.record({
      words: fc.array(
        fc.oneof(
          fc.stringMatching(/^[a-z]{1,12}[,.?]?$/),
          fc.constantFrom('-->', '<i>', '&amp;', '東京', 'x'.repeat(60)),
        ),
        {
          minLength: 1,
          maxLength: 15,
        },
      ),
      pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4000 })),
      milliseconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 600 })),
      timed: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((drafts) => {
    let at = 0;
    return drafts.map(({ words, pause, milliseconds, timed }) => {
      at += pause;
      const start = at / 1000;
      const timedWords = words.map((word) => {
        const from = at / 1000;
        at += milliseconds;
        return { word, start: from, end: at / 1000 };
      });
      return { start, end: at / 1000, text: words.join(' '), chunk: 0, ...(timed ? { words: timedWords } : {}) };
    });
  });

describe('subtitles', () => {
  test('hold every word once, in two lines of 42 columns and 7 seconds, and never overlap', () => {
    fc.assert(
      fc.property(segments, (given) => {
        const cues = readVtt(toVtt({ segments: given }));
        const said = given.map(({ text }) => text).join('');
        expect(
          cues
            .flatMap(({ lines }) => lines)
            .join('')
            .replace(/\s/g, ''),
        ).toBe(said.replace(/\s/g, ''));
        let earliest = 0;
        for (const { start, end, lines } of cues) {
          expect(start).toBeGreaterThanOrEqual(earliest);
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(LONGEST_CUE + 0.002);
          expect(lines.length).toBeGreaterThan(0);
          expect(lines.length).toBeLessThanOrEqual(2);
          expect(lines.every((line) => line !== '' && displayWidth(line) <= LINE_COLUMNS)).toBe(true);
          earliest = end;
        }
      }),
    );
  });

  test('keep the words that follow a mark between two scripts, which takes a space in one and none in the other', () => {
    const segments = [
      '東京 --> aaaaa --> aaaaa.',
      '--> &amp; --> aaaaaaa? a',
      'aaaaaaaaa aaaaa, aaaaaaa -->',
      '-->',
    ].map((text, chunk) => ({ start: chunk / 1000, end: chunk / 1000, text, chunk }));
    const lines = cuesOf(segments).flatMap((cue) => cue.lines);
    expect(lines.join('').replace(/\s/g, '')).toBe(
      segments
        .map(({ text }) => text)
        .join('')
        .replace(/\s/g, ''),
    );
  });

  test('are long enough to be read wherever the next one leaves the time', () => {
    fc.assert(
      fc.property(segments, (given) => {
        const cues = cuesOf(given);
        cues.forEach(({ start, end, lines }, index) => {
          const wanted = Math.min(LONGEST_CUE, Math.max(SHORTEST_CUE, charactersOf(lines) / READING_SPEED));
          const isLongEnough = end - start >= wanted - 0.002;
          const hasNoRoom = end >= (cues[index + 1]?.start ?? Infinity) - 0.002;
          expect(isLongEnough || hasNoRoom).toBe(true);
        });
      }),
    );
  });

  test('say the same in both formats', () => {
    fc.assert(
      fc.property(segments, (given) => {
        const srt = readSrt(toSrt({ segments: given }));
        const vtt = readVtt(toVtt({ segments: given }));
        expect(srt).toEqual(
          vtt.map((cue) => ({ ...cue, lines: cue.lines.map((line) => line.replaceAll('-->', '→')) })),
        );
      }),
    );
  });

  test('end where somebody pauses', () => {
    const cues = cuesOf([spoken('Hello there. It is late.', 0), spoken('Good night.', 4)]);
    expect(cues).toEqual([
      { start: 0, end: 1.9, lines: ['Hello there. It is late.'] },
      { start: 4, end: 5, lines: ['Good night.'] },
    ]);
  });

  test('break at the end of a sentence rather than where the lines are full', () => {
    const text =
      'It looks so simple that people think nobody ever had to invent it at all. Before it there were only pins.';
    expect(cuesOf([spoken(text, 0, 0.3)]).map(({ lines }) => lines.join(' '))).toEqual([
      'It looks so simple that people think nobody ever had to invent it at all.',
      'Before it there were only pins.',
    ]);
  });

  test('do not stay for a word that never ends', () => {
    const words = [{ word: 'Hmm', start: 0, end: 30 }];
    expect(cuesOf([{ start: 0, end: 30, text: 'Hmm', chunk: 0, words }])).toEqual([
      { start: 0, end: LONGEST_CUE, lines: ['Hmm'] },
    ]);
  });

  test('of words that all have one time are spread over the time that follows', () => {
    const words =
      'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen'
        .split(' ')
        .map((word) => ({ word, start: 5, end: 5 }));
    const cues = cuesOf([{ start: 5, end: 5, text: words.map(({ word }) => word).join(' '), chunk: 0, words }]);
    expect(cues.length).toBeGreaterThan(1);
    expect(cues.every(({ start, end }) => end - start >= SHORTEST_CUE)).toBe(true);
  });

  test('of nothing are valid files', () => {
    expect(toSrt({ segments: [] })).toBe('');
    expect(toVtt({ segments: [] })).toBe('WEBVTT\n');
  });
});

/** A segment with a word every 0.4 s, or as given. */
function spoken(text: string, from: number, step = 0.4): TranscriptSegment {
  const words = text
    .split(' ')
    .map((word, index) => ({ word, start: from + index * step, end: from + index * step + step * 0.75 }));
  return { start: from, end: words.at(-1)?.end ?? from, text, chunk: 0, words };
}
