import type { Word } from '#shared/contracts/chunk-transcript';
import type { TranscriptSegment } from '#shared/contracts/transcript';
import { endsSentence } from '../split-sentences.ts';
import { toMilliseconds } from '../spans.ts';
import { spokenWords } from '../spoken-words.ts';
import { displayWidth } from '../words.ts';
import { LINE_COLUMNS, lineSized, twoLines } from './lines.ts';

/** One subtitle: times in seconds, one or two lines. */
export interface Cue {
  start: number;
  end: number;
  lines: string[];
}

/** Longest time on screen, in seconds. */
export const LONGEST_CUE = 7;
/** Shortest time on screen where the next subtitle leaves it, in seconds. */
export const SHORTEST_CUE = 1;
/** Fastest reading where the next subtitle leaves the time, in characters a second. */
export const READING_SPEED = 20;

/** A silence that ends a subtitle, in seconds. */
const PAUSE = 1.5;

/** What a subtitle costs, by what is wrong with it; the cheapest division of the words is taken. */
const COST = { each: 30, insideClause: 20, insideSentence: 8, tooFast: 4, tooShort: 30, overSentence: 40 };

/**
 * Divides a transcript into subtitles: at most two lines of 42 columns and 7 s, at least 1 s and at most 20 characters a
 * second where the speech leaves the time, none overlapping; broken at sentences and clauses where that is possible.
 */
export function cuesOf(segments: readonly TranscriptSegment[]): Cue[] {
  const words = apart(spokenWords(segments).flatMap(fittingPieces));
  const groups = cheapestGroups(words);
  let earliest = 0;
  return groups.map((group, index) => {
    const start = Math.max(earliest, toMilliseconds(group[0]?.start ?? 0));
    const limit = Math.min(groups[index + 1]?.[0]?.start ?? Infinity, start + LONGEST_CUE);
    const lines = twoLines(group.map(({ word }) => word)) ?? [];
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

/** Words that all begin at one moment, as engines write them that lost track, are spread up to the next moment. */
function apart(words: readonly Word[]): Word[] {
  const spreadWords: Word[] = [];
  for (let at = 0; at < words.length;) {
    const start = words[at]?.start ?? 0;
    let next = at + 1;
    while (next < words.length && (words[next]?.start ?? Infinity) <= start) next++;
    const step = next === at + 1 ? 0 : ((words[next]?.start ?? start + LONGEST_CUE) - start) / (next - at);
    for (; at < next; at++) {
      const word = words[at];
      const from = start + step * (spreadWords.length - (next - (next - at)));
      if (word) spreadWords.push(step === 0 ? word : { ...word, start: from, end: from + step });
    }
  }
  return spreadWords;
}

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

/** Dynamic programming over the words: best[i] is the cheapest division of everything from word i on. */
function cheapestGroups(words: readonly Word[]): Word[][] {
  const best = Array.from({ length: words.length + 1 }, () => ({ cost: Infinity, next: words.length }));
  best[words.length] = { cost: 0, next: words.length };
  for (let from = words.length - 1; from >= 0; from--) {
    for (let to = from + 1; to <= words.length && fits(words, from, to); to++) {
      const cost = COST.each + costOf(words, from, to) + (best[to]?.cost ?? 0);
      if (cost < (best[from]?.cost ?? Infinity)) best[from] = { cost, next: to };
    }
  }
  const groups: Word[][] = [];
  for (let from = 0; from < words.length;) {
    const to = Math.max(from + 1, best[from]?.next ?? from + 1);
    groups.push(words.slice(from, to));
    from = to;
  }
  return groups;
}

/** A single word always fits: it is made to. */
function fits(words: readonly Word[], from: number, to: number): boolean {
  if (to === from + 1) return true;
  const [first, previous, last] = [words[from], words[to - 2], words[to - 1]];
  if (!first || !previous || !last) return false;
  if (last.end - first.start > LONGEST_CUE || last.start - previous.end >= PAUSE) return false;
  return twoLines(words.slice(from, to).map(({ word }) => word)) !== undefined;
}

function costOf(words: readonly Word[], from: number, to: number): number {
  const group = words.slice(from, to);
  const [first, last, next] = [group[0], group.at(-1), words[to]];
  if (!first || !last) return 0;
  const room = Math.min((next?.start ?? Infinity) - first.start, LONGEST_CUE);
  const characters = group.reduce((sum, { word }) => sum + displayWidth(word) + 1, 0);
  const pausesAfter = next === undefined || next.start - last.end >= 0.5;
  const ends = endsSentence(last.word, next?.word);
  const clause = /[,;:—–-]$/.test(last.word) || pausesAfter;
  const inner = group.slice(0, -1).filter(({ word }, index) => endsSentence(word, group[index + 1]?.word)).length;
  return (
    (ends ? 0 : clause ? COST.insideSentence : COST.insideClause) +
    Math.max(0, characters / Math.max(room, 0.1) - READING_SPEED) * COST.tooFast +
    (room < SHORTEST_CUE ? COST.tooShort : 0) +
    (characters <= LINE_COLUMNS ? 0 : inner * COST.overSentence * 0.25)
  );
}
