import type { Chapter } from '#shared/contracts/summary';
import type { Analysis } from './analysis.ts';
import { type KeyTerm, keyTerms } from './key-terms.ts';

/** Words or phrases in a chapter's title. */
const TITLE_TERMS = 3;
/** Terms of each chapter that are weighed against the other chapters'. */
const CANDIDATES = 12;

/**
 * Names the chapters that begin at these sentences by what they are about and the others are not. A chapter starts where the
 * segment of its first sentence starts.
 * @param segmentStarts Of each segment of the transcript, in seconds.
 * @returns Nothing where there are fewer than two chapters to tell apart.
 */
export function nameChapters(
  analysis: Analysis,
  scores: Float64Array,
  shifts: readonly number[],
  segmentStarts: readonly number[],
): Chapter[] {
  const startOf = (sentence: number): number => segmentStarts[analysis.segments[sentence]!]!;
  // Two topics within one long segment cannot be told apart in time.
  const firsts = shifts.filter((first, c) => c === 0 || startOf(first) > startOf(shifts[c - 1]!));
  if (firsts.length < 2) return [];
  const ranges = firsts.map((first, c) => [first, firsts[c + 1] ?? analysis.texts.length] as const);
  const terms = ranges.map((range) => keyTerms(analysis, scores, CANDIDATES, range));
  const chaptersWith = countChapters(terms);
  return ranges.map(([first], c) => ({
    title: title(terms[c]!, chaptersWith, ranges.length),
    start: startOf(first),
  }));
}

/** In how many chapters each term is a key term. */
function countChapters(terms: readonly (readonly KeyTerm[])[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const chapter of terms) {
    for (const part of new Set(chapter.flatMap((term) => term.terms))) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return counts;
}

function title(terms: readonly KeyTerm[], chaptersWith: Map<number, number>, chapters: number): string {
  const worth = ({ terms, weight }: KeyTerm): number => {
    const shared = terms.reduce((most, part) => Math.max(most, chaptersWith.get(part) ?? 1), 1);
    return weight * Math.log(1 + chapters / shared);
  };
  const best = terms.toSorted((a, b) => worth(b) - worth(a)).slice(0, TITLE_TERMS);
  const text = best.map((term) => term.text).join(', ');
  return text === '' ? '…' : text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
