import type { Word } from '#shared/contracts/chunk-transcript';
import type { TranscriptSegment } from '#shared/contracts/transcript';
import { toMilliseconds } from '../spans.ts';
import { spokenWords } from '../spoken-words.ts';
import { spacesBefore } from '../words.ts';
import { type CueWord, divideWords, LONGEST_CUE, READING_SPEED, SHORTEST_CUE } from './divide-words.ts';
import { lineSized, twoLines } from './lines.ts';

/** One subtitle: times in seconds, one or two lines. */
export interface Cue {
  start: number;
  end: number;
  lines: string[];
}

/** An unhurried word, in seconds. */
const SECONDS_PER_WORD = 0.4;
/**
 * Divides a transcript into subtitles: at most two lines of 42 columns and 7 s, at least 1 s and at most 20 characters a
 * second where the speech leaves the time, none overlapping; broken at sentences and clauses where that is possible.
 */
export function cuesOf(segments: readonly TranscriptSegment[]): Cue[] {
  const groups = divideWords(spaced(apart(spokenWords(segments).flatMap(fittingPieces))));
  let earliest = 0;
  return groups.map((group, index) => {
    const start = Math.max(earliest, toMilliseconds(group[0]?.start ?? 0));
    const limit = Math.min(groups[index + 1]?.[0]?.start ?? Infinity, start + LONGEST_CUE);
    const lines = twoLines(group);
    const wanted = start + Math.max(SHORTEST_CUE, charactersOf(lines) / READING_SPEED);
    const end = toMilliseconds(Math.min(limit, Math.max(group.at(-1)?.end ?? start, wanted)));
    // A subtitle must end after it begins, even where an engine put a page of text into one moment.
    earliest = Math.max(end, toMilliseconds(start + 0.001));
    return { start, end: earliest, lines };
  });
}

/** The characters a viewer reads. */
export function charactersOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

/** Spaces are those of the whole text: were they worked out for each subtitle, one might be wider than was measured. */
function spaced(words: readonly Word[]): CueWord[] {
  const spaces = spacesBefore(words.map(({ word }) => word));
  return words.map((word, at) => ({ ...word, spaced: spaces[at] === true }));
}

/** Words that all begin at one moment, as engines write them that lost track, are spread over the time that follows. */
function apart(words: readonly Word[]): Word[] {
  const spread: Word[] = [];
  for (let from = 0; from < words.length;) {
    const start = words[from]?.start ?? 0;
    let to = from + 1;
    while (to < words.length && (words[to]?.start ?? Infinity) <= start) to++;
    const run = words.slice(from, to);
    const step = Math.min(SECONDS_PER_WORD, ((words[to]?.start ?? Infinity) - start) / run.length);
    const moved = run.map((word, at) => ({ ...word, start: start + step * at, end: start + step * (at + 1) }));
    spread.push(...(run.length === 1 ? run : moved));
    from = to;
  }
  return spread;
}

/** A long word in pieces that fit a line. */
function fittingPieces(word: Word): Word[] {
  const pieces = lineSized(word.word);
  const step = (word.end - word.start) / pieces.length;
  return pieces.map((piece, index) => ({
    ...word,
    word: piece,
    start: word.start + step * index,
    end: word.start + step * (index + 1),
  }));
}
