import type { Heard, HeardAudio } from './transcriptions.ts';

const WORDS =
  'every morning the harbour wakes before the town and someone writes down which boats went out and why'.split(' ');
const SECONDS_PER_WORD = 0.4;
const WORDS_PER_SEGMENT = 10;

/** The default transcript: one word every 0.4 s of audio, ten words a segment, the same for the same duration. */
export function steadyTranscript({ seconds }: Pick<HeardAudio, 'seconds'>): Heard {
  const words = Array.from({ length: Math.floor(seconds / SECONDS_PER_WORD) }, (_, index) => ({
    word: WORDS[index % WORDS.length] ?? '',
    start: round(index * SECONDS_PER_WORD),
    end: round((index + 1) * SECONDS_PER_WORD),
  }));
  const segments = Array.from({ length: Math.ceil(words.length / WORDS_PER_SEGMENT) }, (_, index) => {
    const part = words.slice(index * WORDS_PER_SEGMENT, (index + 1) * WORDS_PER_SEGMENT);
    return {
      start: part[0]?.start ?? 0,
      end: part.at(-1)?.end ?? 0,
      text: ` ${part.map(({ word }) => word).join(' ')}.`,
    };
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

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
