import type { SparseVector } from './sentence-vectors.ts';

/**
 * Picks sentences that score high and repeat little of each other: maximal marginal relevance. Carbonell and Goldstein,
 * "The use of MMR" (1998).
 * @param scores From 0 to 1 each.
 * @param novelty From 0, nothing but the score counts, to 1, nothing but being different does.
 * @returns Indices in the order they were picked, the best first; at most `count`.
 */
export function chooseSentences(
  scores: Float64Array,
  vectors: readonly SparseVector[],
  count: number,
  novelty: number,
): number[] {
  const chosen: number[] = [];
  const repeats = new Float64Array(scores.length);
  const taken = new Set<number>();
  while (chosen.length < count) {
    let best = -1;
    let most = -Infinity;
    scores.forEach((score, i) => {
      const worth = (1 - novelty) * score - novelty * repeats[i]!;
      if (score > 0 && worth > most && !taken.has(i)) [best, most] = [i, worth];
    });
    if (best === -1) break;
    chosen.push(best);
    taken.add(best);
    noteSimilar(vectors[best]!, vectors, repeats);
  }
  return chosen;
}

/** Raises `repeats` to the cosine with this sentence, where that is more. */
function noteSimilar(picked: SparseVector, vectors: readonly SparseVector[], repeats: Float64Array): void {
  const weightOf = new Map<number, number>();
  picked.terms.forEach((term, k) => weightOf.set(term, picked.weights[k]!));
  vectors.forEach((vector, i) => {
    let cosine = 0;
    vector.terms.forEach((term, k) => {
      cosine += (weightOf.get(term) ?? 0) * vector.weights[k]!;
    });
    repeats[i] = Math.max(repeats[i]!, cosine);
  });
}
