import { describe, expect, test } from '@jest/globals';
import { explainsSilence, nonSpeechWords } from './non-speech.ts';

/** The words that count as said; segments are separated by "|". */
function said(text: string): string {
  const words = text.split('|').flatMap((segment, index) =>
    segment
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => ({ word, segment: index })),
  );
  const marks = nonSpeechWords(words);
  return words
    .filter((_, at) => !marks[at])
    .map(({ word }) => word)
    .join(' ');
}

describe('descriptions of sounds', () => {
  test.each([
    ['[BLANK_AUDIO]', ''],
    ['[phone ringing]', ''],
    ['(upbeat music)', ''],
    ['(música alegre)', ''],
    ['*laughs*', ''],
    ['♪ ♪♪', ''],
    ['[The sound of waves|and of gulls] Welcome.', 'Welcome.'],
    ['So [laughter] it goes (applause), on.', 'So it goes on.'],
    ['He said (rather late) that', 'He said (rather late) that'],
    ['the whole [sic]kness (s)he had', 'the whole [sic]kness (s)he had'],
    [
      'an open [ bracket is no marker at all, however long the text after it may be',
      'an open [ bracket is no marker at all, however long the text after it may be',
    ],
    ['five * six', 'five * six'],
  ])('%s', (text, rest) => {
    expect(said(text)).toBe(rest);
  });

  test('say why there are no words, unless they say that there are some', () => {
    expect(['[MUSIC]', '(applause)', '[phone ringing]'].map(explainsSilence)).toEqual([true, true, true]);
    expect(['[INAUDIBLE]', '[BLANK_AUDIO]', '(speaking in foreign language)', '', '♪'].map(explainsSilence)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
