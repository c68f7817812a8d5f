import type { TranscriptSegment } from '#shared/contracts/transcript';
import { type Sentence, sentencesOf } from '../sentences.ts';
import { joinWords } from '../words.ts';

/** A silence that begins a new paragraph, in seconds. */
const PAUSE = 2;
/** A paragraph is closed at the end of the sentence that reaches this length, in characters: about a minute of speech. */
const LONG_PARAGRAPH = 800;

/** What is said in one go; `start` in seconds from the start of the episode. */
interface Paragraph {
  start: number;
  text: string;
}

/**
 * The transcript in paragraphs of whole sentences.
 * @param breaks times at which a new paragraph begins in any case: a sentence belongs to the stretch it begins in.
 */
export function paragraphsOf(segments: readonly TranscriptSegment[], breaks: readonly number[] = []): Paragraph[] {
  const paragraphs: Sentence[][] = [];
  for (const sentence of sentencesOf(segments)) {
    const open = paragraphs.at(-1);
    const last = open?.at(-1);
    const length = (open ?? []).reduce((sum, { text }) => sum + text.length, 0);
    const isNew = last === undefined || breaks.some((time) => time > last.start && time <= sentence.start);
    if (open && !isNew && sentence.start - last.end < PAUSE && length < LONG_PARAGRAPH) open.push(sentence);
    else paragraphs.push([sentence]);
  }
  return paragraphs.map((sentences) => ({
    start: sentences[0]?.start ?? 0,
    text: joinWords(sentences.map(({ text }) => text)),
  }));
}
