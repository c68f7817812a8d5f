import type { Segment, Word } from '#shared/contracts/chunk-transcript';
import { splitWords } from './words.ts';

/** The words of segments, in order; spread over their segment by their length where the engine timed none. */
export function spokenWords(segments: readonly Pick<Segment, 'text' | 'start' | 'end' | 'words'>[]): Word[] {
  return segments.flatMap((segment) => segment.words ?? spread(segment));
}

function spread({ text, start, end }: Pick<Segment, 'text' | 'start' | 'end'>): Word[] {
  const texts = splitWords(text);
  const letters = texts.reduce((sum, word) => sum + word.length, 0);
  let before = 0;
  return texts.map((word) => {
    const from = start + ((end - start) * before) / letters;
    before += word.length;
    return { word, start: from, end: start + ((end - start) * before) / letters };
  });
}
