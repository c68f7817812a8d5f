import { segmenter } from './segmenters.ts';
import { baseLanguage, stopWords } from './stop-words.ts';

/** A word as it is written, and the term it counts as; no term where it is a stop word. */
export interface Word {
  form: string;
  term: string | undefined;
}

const WORD = /[\p{L}\p{N}]+(?:['’.\-&][\p{L}\p{N}]+)*/gu;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** "l'eau", "dell'acqua": the article is no part of the word. */
const ELISION = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|un|quell|quest)'/u;

/** What a term is cut to where there is no stemmer: enough letters to tell words apart, few enough to join inflections. */
const PREFIX = /^.{1,7}/su;

/** The words of a sentence in order, with the terms that similarity is counted by. */
export function wordsOf(text: string, language: string): Word[] {
  const base = baseLanguage(language);
  const stops = stopWords(base);
  const elides = base === 'fr' || base === 'it';
  return formsOf(text, base).map((form) => {
    const word = form.toLowerCase().replaceAll('’', "'");
    const bare = elides ? word.replace(ELISION, '') : word.replace(/'s$/u, '');
    if (stops.has(word) || stops.has(bare) || saysNothing(bare)) return { form, term: undefined };
    const term = base === 'en' ? englishStem(bare) : (PREFIX.exec(bare)?.[0] ?? bare);
    return { form: elides ? form.slice(-bare.length) : form, term };
  });
}

/** The written words of a text. Scripts without spaces are split by dictionary. */
export function formsOf(text: string, language: string): string[] {
  if (!UNSPACED.test(text)) return text.match(WORD) ?? [];
  const words = [...segmenter(language, 'word').segment(text)];
  return words.filter((word) => word.isWordLike).map((word) => word.segment);
}

/** A single letter is a slip of the tongue or an initial, but a single ideograph is a word. */
const saysNothing = (word: string): boolean => word.length === 1 && !UNSPACED.test(word) && !/\p{N}/u.test(word);

/** Takes off plurals, the commonest verb endings and what they leave behind; English inflects little beyond these. */
function englishStem(word: string): string {
  const singular = word.replace(/(?<=[a-z]{2}[^siu])s$/, '');
  const root = singular.replace(/(?<=[a-z]{3})(?:ing|ed)$/, '');
  return (/[aeiouy]/.test(root) ? root : singular)
    .replace(/(?<=[a-z]{3})e$/, '')
    .replace(/(?<=[a-z]{2}[^siu])s$/, '')
    .replace(/(?<=[a-z]{2})y$/, 'i')
    .replace(/(?<=[a-z]{2})([bdgklmnprt])\1$/, '$1');
}
