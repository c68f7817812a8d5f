/** Overlap of a summary with a reference summary, each a fraction from 0 to 1. */
export interface Overlap {
  precision: number;
  recall: number;
  f1: number;
}

/**
 * ROUGE-1: how many words the candidate shares with the reference, each counted at most as often as both have it.
 * Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), section 2, with F1 as the balance (β = 1). Words are
 * lower-cased and not stemmed.
 */
export function rouge1(reference: string, candidate: string, locale = 'en'): Overlap {
  const wanted = wordsOf(reference, locale);
  const got = wordsOf(candidate, locale);
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of got) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return overlap(shared, wanted.length, got.length);
}

/**
 * ROUGE-L: the longest run of words that both have in the same order, with gaps allowed, over each text as a whole
 * (sentence-level, section 3.1 of the same paper). Time grows with the product of the two lengths.
 */
export function rougeL(reference: string, candidate: string, locale = 'en'): Overlap {
  const wanted = wordsOf(reference, locale);
  const got = wordsOf(candidate, locale);
  return overlap(longestCommonSubsequence(wanted, got), wanted.length, got.length);
}

function wordsOf(text: string, locale: string): string[] {
  const segments = new Intl.Segmenter(locale, { granularity: 'word' }).segment(text.normalize('NFKC'));
  return [...segments].filter((part) => part.isWordLike).map((part) => part.segment.toLocaleLowerCase(locale));
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  let row = new Uint32Array(b.length + 1);
  for (const word of a) {
    for (let j = 1; j <= b.length; j++) {
      row[j] = word === b[j - 1] ? (above[j - 1] ?? 0) + 1 : Math.max(above[j] ?? 0, row[j - 1] ?? 0);
    }
    [above, row] = [row, above];
  }
  return above[b.length] ?? 0;
}

/** Two empty texts overlap in nothing: all three are 0, never NaN. */
function overlap(shared: number, inReference: number, inCandidate: number): Overlap {
  if (shared === 0) return { precision: 0, recall: 0, f1: 0 };
  const precision = shared / inCandidate;
  const recall = shared / inReference;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
