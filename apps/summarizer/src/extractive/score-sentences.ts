import type { Analysis } from './analysis.ts';
import type { SparseVector } from './sentence-vectors.ts';
import { talkWords } from './talk-words.ts';

/** What a sentence's rank is multiplied by. Found on the tuning texts of the evaluation; nearby values do as well. */
const FACTORS = {
  question: 0.5,
  /** Greetings and goodbyes: the first and last twentieth. */
  edge: 0.5,
  person: 0.7,
  leaning: 0.7,
} as const;

const EDGE_SHARE = 0.05;
/** Fewest different terms that make a whole thought; a shorter sentence counts in proportion. */
const FULL_TERMS = 6;
/** A transcript with fewer sentences has no greeting to leave out. */
const LEAST_FOR_EDGES = 20;

/**
 * How much each sentence deserves a place in the summary, from 0 to 1: its rank in the graph, lowered for what seldom
 * informs in talk, that is greetings, questions, short replies, and sentences about the speakers or leaning on what was said
 * before.
 */
export function scoreSentences(
  analysis: Analysis,
  vectors: readonly SparseVector[],
  ranks: Float64Array,
  language: string,
): Float64Array {
  const { person, leaning } = talkWords(language);
  const count = analysis.texts.length;
  const edge = count >= LEAST_FOR_EDGES ? EDGE_SHARE * count : 0;
  const scores = ranks.map((rank, i) => {
    const words = wordsAt(analysis, i);
    let score = rank * Math.min(1, vectors[i]!.terms.length / FULL_TERMS);
    if (/[?？؟]["'”’»)]*$/u.test(analysis.texts[i]!)) score *= FACTORS.question;
    if (i < edge || i >= count - edge) score *= FACTORS.edge;
    if (words.some((word) => person.has(word))) score *= FACTORS.person;
    if (leaning.has(words[0] ?? '')) score *= FACTORS.leaning;
    return score;
  });
  const most = scores.reduce((max, score) => Math.max(max, score), 0);
  return most > 0 ? scores.map((score) => score / most) : scores;
}

function wordsAt({ offsets, forms, spellings }: Analysis, sentence: number): string[] {
  return Array.from(forms.subarray(offsets[sentence], offsets[sentence + 1]), (form) =>
    spellings[form]!.toLowerCase().replaceAll('’', "'"),
  );
}
