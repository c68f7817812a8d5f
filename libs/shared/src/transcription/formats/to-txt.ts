import type { Transcript } from '#shared/contracts/transcript';
import { clockTime } from './clock.ts';
import { paragraphsOf } from './paragraphs.ts';

/**
 * The transcript as plain text, one paragraph a line, paragraphs apart by an empty line.
 * @param options.timestamps put the time each paragraph begins before it: "[4:07] ".
 */
export function toTxt({ segments }: Pick<Transcript, 'segments'>, options: { timestamps?: boolean } = {}): string {
  return paragraphsOf(segments)
    .map(({ start, text }) => `${options.timestamps ? `[${clockTime(start)}] ` : ''}${text}\n`)
    .join('\n');
}
