import type { Heard, HeardAudio } from './openai-server/transcriptions.ts';

const SYLLABLES = ['ba', 'ke', 'lo', 'mi', 'nu', 'ra', 'so', 'te', 'vi', 'zu'];
export const SECONDS_PER_WORD = 0.4;
const WORDS_PER_SEGMENT = 8;

/** The words the test's API hears in audio, one every 0.4 s: no two of the first thousand are alike. */
export function uniqueWords(seconds: number): string[] {
  return Array.from({ length: Math.floor(seconds / SECONDS_PER_WORD) }, (_, index) =>
    [...String(index).padStart(3, '0')].map((digit) => SYLLABLES[Number(digit)]).join(''),
  );
}

/** What the API answers then: words and segments with their times. */
export function uniqueTranscript({ seconds }: Pick<HeardAudio, 'seconds'>): Heard {
  const words = uniqueWords(seconds).map((word, index) => ({
    word,
    start: index * SECONDS_PER_WORD,
    end: (index + 1) * SECONDS_PER_WORD,
  }));
  const segments = Array.from({ length: Math.ceil(words.length / WORDS_PER_SEGMENT) }, (_, index) => {
    const own = words.slice(index * WORDS_PER_SEGMENT, (index + 1) * WORDS_PER_SEGMENT);
    const text = own.map(({ word }) => word).join(' ');
    const sentence = ` ${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
    return { start: own[0]?.start ?? 0, end: own.at(-1)?.end ?? 0, text: sentence };
  });
  return {
    text: segments
      .map(({ text }) => text)
      .join('')
      .trim(),
    words,
    segments,
  };
}
