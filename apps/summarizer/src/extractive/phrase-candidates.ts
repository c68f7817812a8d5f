import { type Analysis, NO_TERM } from './analysis.ts';

/** One or more terms that occur one after another, how often, and the scores of the sentences they occur in added up. */
export interface PhraseCandidate {
  terms: readonly number[];
  count: number;
  weight: number;
}

/** Uses that make two words side by side a phrase. */
const LEAST_USES = 2;

/**
 * All terms of a text, and the phrases of two and three that are used more than once. Stop words end a phrase.
 * @param scores Of each sentence.
 * @param range Sentences to look at, from the first up to, not including, the second.
 */
export function phraseCandidates(
  analysis: Analysis,
  scores: Float64Array,
  range: readonly [number, number],
): { words: Map<number, PhraseCandidate>; phrases: PhraseCandidate[] } {
  const words = new Map<number, PhraseCandidate>();
  const pairs = new Map<number, PhraseCandidate>();
  const triples = new Map<string, PhraseCandidate>();
  const { terms, vocabulary } = analysis;
  const pairKey = (k: number): number => terms[k]! * vocabulary.length + terms[k + 1]!;
  eachWord(analysis, range, (k, length, sentence) => {
    note(words, terms[k]!, terms, k, 1, scores[sentence]!);
    if (length >= 2) note(pairs, pairKey(k), terms, k, 2, scores[sentence]!);
  });
  const repeated = (k: number): boolean => pairs.get(pairKey(k))!.count >= LEAST_USES;
  eachWord(analysis, range, (k, length, sentence) => {
    if (length < 3 || !repeated(k) || !repeated(k + 1)) return;
    note(triples, terms.subarray(k, k + 3).join(' '), terms, k, 3, scores[sentence]!);
  });
  return { words, phrases: [...triples.values(), ...pairs.values()].filter(({ count }) => count >= LEAST_USES) };
}

/** Visits each word that is a term, with how many terms (up to three) follow on from it without a stop word. */
function eachWord(
  { offsets, terms }: Analysis,
  [first, end]: readonly [number, number],
  visit: (word: number, length: number, sentence: number) => void,
): void {
  for (let i = first; i < end; i++) {
    const to = offsets[i + 1]!;
    for (let k = offsets[i]!; k < to; k++) {
      let length = 0;
      while (length < 3 && k + length < to && terms[k + length] !== NO_TERM) length++;
      if (length > 0) visit(k, length, i);
    }
  }
}

function note<K>(
  candidates: Map<K, PhraseCandidate>,
  key: K,
  terms: Int32Array,
  at: number,
  length: number,
  weight: number,
): void {
  const known = candidates.get(key);
  if (known === undefined) candidates.set(key, { terms: [...terms.subarray(at, at + length)], count: 1, weight });
  else {
    known.count++;
    known.weight += weight;
  }
}
