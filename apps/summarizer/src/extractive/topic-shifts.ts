import type { SparseVector } from './sentence-vectors.ts';

/** Sentences on each side of a gap that are compared: about a minute and a half of talk. */
const BLOCK = 12;

export interface ChapterLimits {
  /** Shortest chapter, in seconds. */
  leastSeconds: number;
  most: number;
}

/** Chapters of five minutes or more, but an episode of some minutes has some, too; at most 30. */
export function chapterLimits(seconds: number): ChapterLimits {
  const leastSeconds = Math.min(300, Math.max(60, seconds / 8));
  return { leastSeconds, most: Math.min(30, Math.max(1, Math.floor(seconds / leastSeconds / 1.2))) };
}

/**
 * The sentences that begin a new topic, in order, always with the first: where what is said before and after has the fewest
 * words in common. Hearst, "TextTiling" (1997), with blocks of sentences instead of tokens.
 * @param starts Of each sentence, in seconds.
 */
export function topicShifts(vectors: readonly SparseVector[], starts: Float64Array, limits: ChapterLimits): number[] {
  if (vectors.length === 0) return [];
  const depths = depthScores(gapSimilarities(vectors));
  const worthwhile = depths.filter((depth) => depth > 0);
  const mean = worthwhile.reduce((sum, depth) => sum + depth, 0) / Math.max(1, worthwhile.length);
  const byDepth = [...depths.keys()]
    .filter((gap) => depths[gap]! > 0 && depths[gap]! >= mean)
    .toSorted((a, b) => depths[b]! - depths[a]! || a - b);
  const shifts = [0];
  const end = starts.at(-1)!;
  for (const gap of byDepth) {
    if (shifts.length >= limits.most) break;
    const at = starts[gap]!;
    const apart = shifts.every((other) => Math.abs(starts[other]! - at) >= limits.leastSeconds);
    if (apart && end - at >= limits.leastSeconds / 2) shifts.push(gap);
  }
  return shifts.toSorted((a, b) => a - b);
}

/** Similarity of the blocks before and after each sentence, smoothed with its neighbours. */
function gapSimilarities(vectors: readonly SparseVector[]): Float64Array {
  const vocabulary = vectors.reduce((most, { terms }) => Math.max(most, (terms.at(-1) ?? -1) + 1), 0);
  const before = new Float64Array(vocabulary);
  const after = new Float64Array(vocabulary);
  const raw = Float64Array.from(vectors, (_, gap) => {
    const earlier = vectors.slice(Math.max(0, gap - BLOCK), gap);
    const later = vectors.slice(gap, gap + BLOCK);
    add(before, earlier);
    add(after, later);
    const similarity = cosine(before, after, earlier, later);
    for (const { terms } of earlier) for (const term of terms) before[term] = 0;
    for (const { terms } of later) for (const term of terms) after[term] = 0;
    return similarity;
  });
  return raw.map((value, gap) => ((raw[gap - 1] ?? value) + value + (raw[gap + 1] ?? value)) / 3);
}

function add(sum: Float64Array, sentences: readonly SparseVector[]): void {
  for (const { terms, weights } of sentences) for (let k = 0; k < terms.length; k++) sum[terms[k]!]! += weights[k]!;
}

/** Of two sums of sentences. Each square and product is added up sentence by sentence: Σ sum·w over the terms of all is Σ sum². */
function cosine(
  before: Float64Array,
  after: Float64Array,
  earlier: readonly SparseVector[],
  later: readonly SparseVector[],
): number {
  const dot = (sum: Float64Array, sentences: readonly SparseVector[]): number => {
    let total = 0;
    for (const { terms, weights } of sentences)
      for (let k = 0; k < terms.length; k++) total += sum[terms[k]!]! * weights[k]!;
    return total;
  };
  const size = Math.sqrt(dot(before, earlier) * dot(after, later));
  return size > 0 ? dot(before, later) / size : 0;
}

/** How deep the valley at each gap is, from the nearest peaks on both sides; 0 where it is no lowest point. */
function depthScores(similarities: Float64Array): Float64Array {
  const peak = (gap: number, step: 1 | -1): number => {
    let best = similarities[gap]!;
    for (let i = gap + step; i > 0 && i < similarities.length && similarities[i]! >= best; i += step)
      best = similarities[i]!;
    return best;
  };
  return similarities.map((value, gap) => {
    const lowest = value <= (similarities[gap - 1] ?? Infinity) && value <= (similarities[gap + 1] ?? Infinity);
    return gap === 0 || !lowest ? 0 : peak(gap, -1) + peak(gap, 1) - 2 * value;
  });
}
