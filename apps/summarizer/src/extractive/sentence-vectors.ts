import { type Analysis, NO_TERM } from './analysis.ts';

/** A sparse vector of length 1 (or 0): terms in ascending order, and their weights. */
export interface SparseVector {
  terms: Int32Array;
  weights: Float64Array;
}

/**
 * Each sentence as TF-IDF: (1 + ln tf) · ln(1 + n / df), scaled to length 1. Salton and Buckley, "Term-weighting approaches
 * in automatic text retrieval" (1988); the 1 inside the logarithm keeps a term that every sentence has from vanishing.
 */
export function sentenceVectors(analysis: Analysis): SparseVector[] {
  const counts = termCounts(analysis);
  const df = new Int32Array(analysis.vocabulary.length);
  for (const count of counts) for (const term of count.keys()) df[term]!++;
  return counts.map((count) => {
    const terms = Int32Array.from(count.keys()).toSorted();
    const weights = Float64Array.from(
      terms,
      (term) => (1 + Math.log(count.get(term) ?? 1)) * Math.log(1 + counts.length / df[term]!),
    );
    const length = Math.hypot(...weights);
    return { terms, weights: weights.map((weight) => (length > 0 ? weight / length : 0)) };
  });
}

/** How often each sentence has each term. */
export function termCounts(analysis: Analysis): Map<number, number>[] {
  return analysis.texts.map((_, i) => {
    const count = new Map<number, number>();
    for (let k = analysis.offsets[i]!; k < analysis.offsets[i + 1]!; k++) {
      const term = analysis.terms[k]!;
      if (term !== NO_TERM) count.set(term, (count.get(term) ?? 0) + 1);
    }
    return count;
  });
}
