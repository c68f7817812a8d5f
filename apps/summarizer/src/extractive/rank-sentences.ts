import type { SentenceGraph } from './sentence-graph.ts';

/** Chance that the walk follows an edge rather than starts anywhere: the value PageRank made usual. */
const DAMPING = 0.85;
const MOST_ROUNDS = 100;
/** The walk has settled when all ranks together change by less. */
const SETTLED = 1e-6;

/**
 * How central each sentence is: the stationary distribution of a random walk on the graph, found by power iteration. Erkan
 * and Radev, "LexRank" (2004), in its continuous form. The ranks add up to 1.
 */
export function rankSentences({ nodes, from, to, weights }: SentenceGraph): Float64Array {
  const degree = new Float64Array(nodes);
  weights.forEach((weight, e) => {
    degree[from[e]!]! += weight;
    degree[to[e]!]! += weight;
  });
  let ranks = new Float64Array(nodes).fill(1 / nodes);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    // What stands alone passes its rank to everyone.
    let alone = 0;
    const flow = ranks.map((rank, i) => {
      if (degree[i]! > 0) return rank / degree[i]!;
      alone += rank;
      return 0;
    });
    const next = new Float64Array(nodes).fill((1 - DAMPING + DAMPING * alone) / nodes);
    for (let e = 0; e < weights.length; e++) {
      const [a, b, weight] = [from[e]!, to[e]!, DAMPING * weights[e]!];
      next[a]! += weight * flow[b]!;
      next[b]! += weight * flow[a]!;
    }
    const change = next.reduce((sum, rank, i) => sum + Math.abs(rank - ranks[i]!), 0);
    ranks = next;
    if (change < SETTLED) break;
  }
  return ranks;
}
