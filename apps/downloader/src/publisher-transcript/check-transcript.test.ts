import { describe, expect, test } from '@jest/globals';
import { type Expectation, checkTranscript } from './check-transcript.ts';
import type { Cue } from './cue.ts';
import { guessLanguage } from './guess-language.ts';

const ENGLISH = 'this is what they have to say about the weather and the sea that was there before they came';
const GERMAN = 'das ist es was wir auf der Insel haben und nicht nur wegen der Möwen sondern auch mit dem Meer ich';

/** Ten seconds of speech a line, 150 words a minute. */
const spoken = (text: string, lines = 30): Cue[] =>
  Array.from({ length: lines }, (_, at) => ({
    start: at * 10,
    end: at * 10 + 10,
    text: `${at} ${text} ${at}`,
  }));

const expected: Expectation = { seconds: 300, declaredLanguage: 'en-US', wantedLanguage: 'auto' };

describe('checkTranscript', () => {
  test('takes one that is the episode’s, and says its language', () => {
    expect(checkTranscript(spoken(ENGLISH), expected)).toBe('en');
    expect(checkTranscript(spoken(GERMAN), { ...expected, declaredLanguage: undefined })).toBe('de');
  });

  test('believes the text more than the feed', () => {
    expect(checkTranscript(spoken(GERMAN), { ...expected, declaredLanguage: 'en' })).toBe('de');
  });

  test.each<[string, string, Cue[], Partial<Expectation>]>([
    ['a placeholder', 'transcript-empty', [{ text: 'The transcript will follow soon.' }], {}],
    [
      'one line again and again',
      'transcript-repetitive',
      Array.from({ length: 40 }, (_, at) => ({ start: at * 7, text: 'Thank you for watching and listening.' })),
      {},
    ],
    ['a tenth of the words there must be', 'transcript-length', spoken(ENGLISH), { seconds: 3600 }],
    ['far too many words', 'transcript-length', spoken(ENGLISH).map(({ text }) => ({ text })), { seconds: 61 }],
    ['times far behind the end', 'transcript-length', spoken(ENGLISH), { seconds: 200 }],
    ['times of the first half only', 'transcript-length', spoken(ENGLISH), { seconds: 600 }],
    ['another language', 'transcript-language', spoken(GERMAN), { wantedLanguage: 'en' }],
  ])('refuses %s', (_name, reason, cues, change) => {
    expect(() => checkTranscript(cues, { ...expected, ...change })).toThrow(expect.objectContaining({ reason }));
  });

  test('asks nothing of the length where the feed does not say it', () => {
    expect(checkTranscript(spoken(ENGLISH), { ...expected, seconds: undefined })).toBe('en');
  });
});

describe('guessLanguage', () => {
  test.each([
    ['en', ENGLISH],
    ['de', GERMAN],
    [
      'fr',
      'les gens que vous avez vus dans la rue ne sont pas des amis pour nous mais avec cette idée sur le monde une',
    ],
    [
      'es',
      'los niños que están en la casa no tienen una razón para salir porque también llueve muy fuerte y esto es del',
    ],
    ['ja', 'これはとても面白い話ですが、'.repeat(12)],
    ['ru?', ''],
  ])('knows %s', (code, text) =>
    expect(guessLanguage(`${text} `.repeat(3))).toBe(code.length === 2 ? code : undefined),
  );

  test('does not guess where it can’t tell', () => {
    expect(guessLanguage('lorem ipsum dolor sit amet consectetur adipiscing elit '.repeat(5))).toBeUndefined();
  });
});
