import type { TranscriptSegment } from '#shared/contracts/transcript';
import { toMilliseconds } from './spans.ts';
import { splitSentences } from './split-sentences.ts';
import { spokenWords } from './spoken-words.ts';
import { joinWords } from './words.ts';

/** A sentence of the episode; times in seconds from its start. */
export interface Sentence {
  start: number;
  end: number;
  text: string;
}

/** The transcript as sentences: segments break at a length, not at a thought, so their words are put together first. */
export function sentencesOf(segments: readonly TranscriptSegment[]): Sentence[] {
  const words = spokenWords(segments);
  let at = 0;
  return splitSentences(words.map(({ word }) => word)).map((texts) => {
    const [first, last] = [words[at], words[at + texts.length - 1]];
    at += texts.length;
    return { start: toMilliseconds(first?.start ?? 0), end: toMilliseconds(last?.end ?? 0), text: joinWords(texts) };
  });
}
