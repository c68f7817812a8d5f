import { PermanentError } from '#shared/errors';
import { foldText, searchWords } from './fold-text.ts';

/** Words that follow one another; all terms of a query must be said near each other. */
export type Term = readonly string[];

/** More than anybody types; each costs time in every transcript. */
const MOST_TERMS = 20;

/**
 * Single words, and phrases in quotation marks of any kind.
 * @throws PermanentError `empty-query`, `long-query`
 */
export function parseQuery(query: string): Term[] {
  const terms: Term[] = [];
  for (const [, phrase, word = ''] of query.matchAll(/["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+)/gu)) {
    const words = searchWords(foldText(phrase ?? word));
    if (words.length > 0) terms.push(words);
  }
  if (terms.length === 0) throw new PermanentError('empty-query', `"${query.slice(0, 60)}" has no word to look for.`);
  if (terms.length > MOST_TERMS) {
    throw new PermanentError('long-query', `${terms.length} words to look for; at most ${MOST_TERMS} are taken.`);
  }
  return terms;
}
