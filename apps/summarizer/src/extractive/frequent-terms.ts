import { type Analysis, NO_TERM } from './analysis.ts';
import { stopWords } from './stop-words.ts';
import { termCounts } from './sentence-vectors.ts';

/** A term that more than this share of the sentences has is a function word, in a language without a list of them. */
const MOST_SHARE = 0.1;
/** Below this many sentences a topic is as frequent as a function word. */
const LEAST_SENTENCES = 20;

/** Without a list of stop words for the language, the most frequent terms are taken for them. */
export function withoutFrequentTerms(analysis: Analysis, language: string): Analysis {
  const sentences = analysis.texts.length;
  if (stopWords(language).size > 0 || sentences < LEAST_SENTENCES) return analysis;
  const df = new Int32Array(analysis.vocabulary.length);
  for (const count of termCounts(analysis)) for (const term of count.keys()) df[term]!++;
  const most = MOST_SHARE * sentences;
  return { ...analysis, terms: analysis.terms.map((term) => (term !== NO_TERM && df[term]! > most ? NO_TERM : term)) };
}
