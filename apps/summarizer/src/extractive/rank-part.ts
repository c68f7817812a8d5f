import type { Analysis, Reals } from './analysis.ts';
import { analysePart, type Part } from './analyse-part.ts';
import { withoutFrequentTerms } from './frequent-terms.ts';
import { rankSentences } from './rank-sentences.ts';
import { sentenceGraph } from './sentence-graph.ts';
import { sentenceVectors } from './sentence-vectors.ts';

/** A part with how central each of its sentences is within it. */
export interface RankedPart {
  analysis: Analysis;
  /** 1 is the average sentence of the part, so that sentences of different parts compare. */
  ranks: Reals;
}

/** The work one part takes, alone of all others: what the threads do. */
export function rankPart(part: Part): RankedPart {
  const analysis = analysePart(part);
  const vectors = sentenceVectors(withoutFrequentTerms(analysis, part.language));
  const ranks = rankSentences(sentenceGraph(vectors)).map((rank) => rank * vectors.length);
  return { analysis, ranks };
}
