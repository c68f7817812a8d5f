import type { Transcript } from '#shared/contracts/transcript';
import { type Sentence, sentencesOf } from '../sentences.ts';
import { joinWords } from '../words.ts';
import { clockTime } from './clock.ts';

/** A silence that begins a new paragraph, in seconds. */
const PAUSE = 2;
/** A paragraph is closed at the end of the sentence that reaches this length, in characters: about a minute of speech. */
const LONG_PARAGRAPH = 800;

/**
 * The transcript as plain text, one paragraph a line, paragraphs apart by an empty line.
 * @param options.timestamps put the time each paragraph begins before it: "[4:07] ".
 */
export function toTxt({ segments }: Pick<Transcript, 'segments'>, options: { timestamps?: boolean } = {}): string {
  const paragraphs: Sentence[][] = [];
  for (const sentence of sentencesOf(segments)) {
    const open = paragraphs.at(-1);
    const last = open?.at(-1);
    const length = (open ?? []).reduce((sum, { text }) => sum + text.length, 0);
    if (open && last && sentence.start - last.end < PAUSE && length < LONG_PARAGRAPH) open.push(sentence);
    else paragraphs.push([sentence]);
  }
  return paragraphs
    .map((sentences) => {
      const time = options.timestamps ? `[${clockTime(sentences[0]?.start ?? 0)}] ` : '';
      return `${time}${joinWords(sentences.map(({ text }) => text))}\n`;
    })
    .join('\n');
}
