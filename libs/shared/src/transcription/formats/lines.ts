import { displayWidth } from '../words.ts';

/** A word, and whether the text it comes from has a space before it. A line that begins with it has none. */
export interface SpacedWord {
  word: string;
  spaced: boolean;
}

/** Longest line, in columns: the common limit of broadcasters' subtitle guides. */
export const LINE_COLUMNS = 42;

/** The words on one line or on two of about the same length; where they fit neither, on one that is too long. */
export function twoLines(words: readonly SpacedWord[]): string[] {
  const text = lineOf(words);
  if (displayWidth(text) <= LINE_COLUMNS) return [text];
  let best: { lines: string[]; longest: number } | undefined;
  for (let at = 1; at < words.length; at++) {
    const lines = [lineOf(words.slice(0, at)), lineOf(words.slice(at))];
    const longest = Math.max(...lines.map(displayWidth));
    if (longest <= LINE_COLUMNS && (!best || longest < best.longest)) best = { lines, longest };
  }
  return best?.lines ?? [text];
}

function lineOf(words: readonly SpacedWord[]): string {
  return words.map(({ word, spaced }, at) => (spaced && at > 0 ? ` ${word}` : word)).join('');
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
