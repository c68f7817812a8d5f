import { type Analysis, NO_TERM } from './analysis.ts';
import { phraseCandidates, type PhraseCandidate } from './phrase-candidates.ts';

/** A word or phrase with how much it stands for the text. */
export interface KeyTerm {
  /** As it is most often written. */
  text: string;
  /** The terms it consists of. */
  terms: readonly number[];
  weight: number;
}

/** A phrase stands for its rarest word where it makes up this share of that word's uses. */
const LEAST_PHRASE_SHARE = 0.4;

/**
 * The terms a text is about, the weightiest first. A term weighs as much as the sentences it occurs in score; words that keep
 * occurring side by side make a phrase, which then stands for them.
 * @param scores Of each sentence.
 * @param range Sentences to look at, from the first up to, not including, the second.
 */
export function keyTerms(
  analysis: Analysis,
  scores: Float64Array,
  count: number,
  range: readonly [number, number] = [0, analysis.texts.length],
): KeyTerm[] {
  const { words, phrases } = phraseCandidates(analysis, scores, range);
  const worthOfPhrase = ({ terms, count }: PhraseCandidate): number => {
    const members = terms.map((term) => words.get(term)!);
    const rarest = members.reduce((least, member) => Math.min(least, member.count), Infinity);
    if (count < LEAST_PHRASE_SHARE * rarest) return 0;
    return members.reduce((sum, member) => sum + member.weight, 0) / Math.sqrt(terms.length);
  };
  const ordered = [
    ...phrases.map(({ terms, ...phrase }) => ({ terms, weight: worthOfPhrase({ terms, ...phrase }) })),
    ...[...words.values()].map(({ terms, weight }) => ({ terms, weight })),
  ]
    .filter(({ terms, weight }) => weight > 0 && !terms.every((term) => /^\p{N}+$/u.test(analysis.vocabulary[term]!)))
    .toSorted((a, b) => b.weight - a.weight);
  const kept = withoutRepeats(ordered, count);
  const texts = spellings(
    analysis,
    kept.map(({ terms }) => terms),
    range,
  );
  return kept.map((term, k) => ({ ...term, text: texts[k]! }));
}

/** Keeps the weightier of two that share a word, so that a phrase and its parts don't fill the list. */
function withoutRepeats<T extends { terms: readonly number[] }>(ordered: readonly T[], count: number): T[] {
  const used = new Set<number>();
  const kept: T[] = [];
  for (const term of ordered) {
    if (kept.length === count) break;
    if (term.terms.some((part) => used.has(part))) continue;
    kept.push(term);
    for (const part of term.terms) used.add(part);
  }
  return kept;
}

/** How each of these is most often written; at the beginning of a sentence without the capital letter that is due there. */
function spellings(
  { offsets, terms, forms, spellings }: Analysis,
  wanted: readonly (readonly number[])[],
  [first, end]: readonly [number, number],
): string[] {
  const seen = wanted.map(() => new Map<string, number>());
  const byFirstTerm = new Map(wanted.map((sequence, w) => [sequence[0] ?? NO_TERM, w]));
  for (let i = first; i < end; i++) {
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const w = byFirstTerm.get(terms[k]!);
      if (w === undefined || !wanted[w]!.every((term, at) => terms[k + at] === term)) continue;
      const text = Array.from(forms.subarray(k, k + wanted[w]!.length), (form) => spellings[form]!).join(' ');
      const plain = k === offsets[i] ? text.replace(/^\p{Lu}(?=\p{Ll}|$)/u, (letter) => letter.toLowerCase()) : text;
      seen[w]!.set(plain, (seen[w]!.get(plain) ?? 0) + 1);
    }
  }
  return seen.map(
    (counts) => [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['', 0] as const)[0],
  );
}
