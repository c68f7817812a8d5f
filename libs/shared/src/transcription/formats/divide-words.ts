import type { Word } from '#shared/contracts/chunk-transcript';
import { endsSentence } from '../split-sentences.ts';
import { displayWidth } from '../words.ts';
import { LINE_COLUMNS, type SpacedWord } from './lines.ts';

/** Longest time on screen, in seconds. */
export const LONGEST_CUE = 7;
/** Shortest time on screen where the next subtitle leaves it, in seconds. */
export const SHORTEST_CUE = 1;
/** Fastest reading where the next subtitle leaves the time, in characters a second. */
export const READING_SPEED = 20;

/** A silence that ends a subtitle, and one that may, in seconds. */
const PAUSE = 1.5;
const BREATH = 0.5;

/** What a subtitle costs, by what is wrong with it; the cheapest division of the words is taken. */
const COST = { each: 30, insideClause: 20, insideSentence: 8, tooFast: 4, tooShort: 30, sentenceInside: 10 };

/** A word as it is put on the screen; times in seconds. */
export type CueWord = Word & SpacedWord;

/** A word as the division sees it: all that is asked of it many times is worked out once. */
interface Measured {
  start: number;
  end: number;
  /** Columns of all words up to and with this one, and the spaces between them. */
  columnsTo: number;
  /** Columns of all before it, and of the space before it. */
  columnsFrom: number;
  /** Sentences that end up to and with this word. */
  sentencesTo: number;
  endsSentence: boolean;
  endsClause: boolean;
  pauseAfter: number;
}

/**
 * Divides words into subtitles, by dynamic programming from the last word to the first: each fits two lines and 7 s, and
 * together they break in the best places and leave the most time to read. Each word must fit a line.
 */
export function divideWords(words: readonly CueWord[]): CueWord[][] {
  const measured = measure(words);
  const cheapest = Array.from({ length: words.length + 1 }, () => ({ cost: Infinity, next: words.length }));
  cheapest[words.length] = { cost: 0, next: words.length };
  for (let from = words.length - 1; from >= 0; from--) {
    const farthest = farthestFitting(measured, from);
    for (let to = from + 1; to <= farthest; to++) {
      const cost = COST.each + costOf(measured, from, to) + (cheapest[to]?.cost ?? 0);
      if (cost < (cheapest[from]?.cost ?? 0)) cheapest[from] = { cost, next: to };
    }
  }
  const groups: CueWord[][] = [];
  for (let from = 0; from < words.length; from = cheapest[from]?.next ?? words.length) {
    groups.push(words.slice(from, cheapest[from]?.next));
  }
  return groups;
}

function measure(words: readonly CueWord[]): Measured[] {
  let columns = 0;
  let sentences = 0;
  return words.map(({ word, spaced, start, end }, at) => {
    const next = words[at + 1];
    columns += Number(spaced);
    const columnsFrom = columns;
    columns += displayWidth(word);
    const ends = endsSentence(word, next?.word);
    sentences += Number(ends);
    const pauseAfter = next ? next.start - end : Infinity;
    const endsClause = pauseAfter >= BREATH || /[,;:—–-]$/.test(word);
    return {
      start,
      end,
      columnsTo: columns,
      columnsFrom,
      sentencesTo: sentences,
      endsSentence: ends,
      endsClause,
      pauseAfter,
    };
  });
}

/** One past the last word that fits into one subtitle beginning with this one: lines are filled, pauses end it. */
function farthestFitting(words: readonly Measured[], from: number): number {
  const first = words[from];
  if (!first) return from;
  let lineFrom = first.columnsFrom;
  let line = 1;
  let to = from + 1;
  for (; to < words.length; to++) {
    const [word, previous] = [words[to], words[to - 1]];
    if (!word || !previous || previous.pauseAfter >= PAUSE || word.end - first.start > LONGEST_CUE) break;
    if (word.columnsTo - lineFrom <= LINE_COLUMNS) continue;
    if (line === 2) break;
    line = 2;
    lineFrom = word.columnsFrom;
  }
  return to;
}

function costOf(words: readonly Measured[], from: number, to: number): number {
  const [first, last] = [words[from], words[to - 1]];
  if (!first || !last) return 0;
  const columns = last.columnsTo - first.columnsFrom;
  const room = Math.min((words[to]?.start ?? Infinity) - first.start, LONGEST_CUE);
  const tooFast = Math.max(0, columns / Math.max(room, 0.1) - READING_SPEED);
  const before = words[from - 1]?.sentencesTo ?? 0;
  const inside = last.sentencesTo - before - Number(last.endsSentence);
  const broken = last.endsSentence ? 0 : last.endsClause ? COST.insideSentence : COST.insideClause;
  return (
    broken +
    tooFast * COST.tooFast +
    (room < SHORTEST_CUE ? COST.tooShort : 0) +
    (columns > LINE_COLUMNS ? inside * COST.sentenceInside : 0)
  );
}
