import type { Times } from './repair-times.ts';

/** A word as the alignment sees it: what was heard, and when, in seconds. */
export interface HeardWord extends Times {
  /** As `bareWord` gives it. */
  bare: string;
  /** By how much its times are off as a rule, in seconds; Infinity where they mean nothing. */
  spread: number;
}

/** Indexes of two words that stand for the same stretch of speech. */
export interface Pair {
  left: number;
  right: number;
  /** Whether both sides heard the same word; otherwise one of them heard half of it. */
  same: boolean;
}

/** Worth of a pair of equal words at the same moment. It falls as a bell does with the time between them. */
const SAME = 2;
/** Equal words further apart than this many spreads were said twice. */
const FARTHEST = 2.5;
/** Worth of a word and its half: better than taking both, worse than any equal pair. */
const HALF = 0.5;

/**
 * Aligns two hearings of the same speech: the pairs, in order on both sides, that agree best in text and time
 * (Needleman-Wunsch, with nothing lost for a word left alone).
 * Of "very very" the nearer one is taken, and two near pairs are worth more than three far ones.
 */
export function alignWords(left: readonly HeardWord[], right: readonly HeardWord[]): Pair[] {
  const columns = right.length + 1;
  const best = new Float64Array((left.length + 1) * columns);
  const at = (i: number, j: number): number => best[i * columns + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const worth = worthOf(left[i], right[j]);
      const paired = worth > 0 ? worth + at(i + 1, j + 1) : 0;
      best[i * columns + j] = Math.max(paired, at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const worth = worthOf(left[i], right[j]);
    if (worth > 0 && at(i, j) === worth + at(i + 1, j + 1)) {
      pairs.push({ left: i, right: j, same: left[i]?.bare === right[j]?.bare });
      i++;
      j++;
    } else if (at(i, j) === at(i + 1, j)) i++;
    else j++;
  }
  return pairs;
}

function worthOf(left: HeardWord | undefined, right: HeardWord | undefined): number {
  if (!left || !right) return 0;
  const spread = Math.max(left.spread, right.spread);
  const apart = Math.abs(middleOf(left) - middleOf(right));
  const bell = apart > FARTHEST * spread ? 0 : Math.exp(-((apart / spread) ** 2));
  if (left.bare === right.bare) return SAME * bell;
  return spread !== Infinity && isHalf(left, right) ? HALF * bell : 0;
}

/** Whether one side may have heard only half: the left one misses the end of its last word, the right one the start of its first. */
function isHalf(left: HeardWord, right: HeardWord): boolean {
  return right.bare.startsWith(left.bare) || left.bare.endsWith(right.bare);
}

/** The middle of a word, in seconds. */
export function middleOf({ start, end }: Times): number {
  return (start + end) / 2;
}

/** Share of the shorter word that sounds while the other one does; 0 below one half. */
export function shareTogether(left: Times, right: Times): number {
  const together = Math.min(left.end, right.end) - Math.max(left.start, right.start);
  const shorter = Math.min(left.end - left.start, right.end - right.start);
  const share = shorter > 0 ? together / shorter : Number(together >= 0);
  return share >= 0.5 ? Math.min(1, share) : 0;
}
