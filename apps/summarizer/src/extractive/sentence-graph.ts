import type { SparseVector } from './sentence-vectors.ts';

/** An undirected graph as a list of edges: `from[e]` and `to[e]` are joined with weight `weights[e]`. */
export interface SentenceGraph {
  nodes: number;
  from: Int32Array;
  to: Int32Array;
  weights: Float32Array;
}

/** Sentences whose cosine is below this have nothing to do with each other. */
const LEAST_SIMILARITY = 0.08;

/**
 * Joins sentences that are alike, by the cosine of their vectors. Only pairs that share a term are looked at, over an
 * inverted index, so time goes with the pairs that share one and not with the square of the sentences.
 */
export function sentenceGraph(vectors: readonly SparseVector[]): SentenceGraph {
  const from: number[] = [];
  const to: number[] = [];
  const weights: number[] = [];
  const postings = new Map<number, { sentences: number[]; weights: number[] }>();
  const similarity = new Float64Array(vectors.length);
  vectors.forEach((vector, i) => {
    const met: number[] = [];
    vector.terms.forEach((term, k) => {
      const weight = vector.weights[k]!;
      const posting = postings.get(term);
      if (posting === undefined) {
        postings.set(term, { sentences: [i], weights: [weight] });
        return;
      }
      for (let p = 0; p < posting.sentences.length; p++) {
        const j = posting.sentences[p]!;
        if (similarity[j] === 0) met.push(j);
        similarity[j]! += weight * posting.weights[p]!;
      }
      posting.sentences.push(i);
      posting.weights.push(weight);
    });
    for (const j of met) {
      if (similarity[j]! >= LEAST_SIMILARITY) {
        from.push(i);
        to.push(j);
        weights.push(similarity[j]!);
      }
      similarity[j] = 0;
    }
  });
  return {
    nodes: vectors.length,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    weights: Float32Array.from(weights),
  };
}
