import { displayWidth, joinWords } from '../words.ts';

/** Longest line, in columns: the common limit of broadcasters' subtitle guides. */
export const LINE_COLUMNS = 42;

/**
 * The words on one line or on two of about the same length.
 * @returns undefined where they do not fit two lines.
 */
export function twoLines(words: readonly string[]): string[] | undefined {
  const text = joinWords(words);
  const width = displayWidth(text);
  if (width <= LINE_COLUMNS) return [text];
  if (width > 2 * LINE_COLUMNS + 1) return undefined;
  let best: { lines: string[]; longest: number } | undefined;
  for (let at = 1; at < words.length; at++) {
    const lines = [joinWords(words.slice(0, at)), joinWords(words.slice(at))];
    const longest = Math.max(...lines.map(displayWidth));
    if (longest <= LINE_COLUMNS && (!best || longest < best.longest)) best = { lines, longest };
  }
  return best?.lines;
}

/** A word in pieces that fit a line: a web address, or a phrase of a script without spaces. */
export function lineSized(word: string): string[] {
  if (displayWidth(word) <= LINE_COLUMNS) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)) {
    if (piece !== '' && displayWidth(piece + segment) > LINE_COLUMNS) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
