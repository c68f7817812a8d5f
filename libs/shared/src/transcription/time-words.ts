import { alignWords } from './align-words.ts';
import type { GivenTimes } from './repair-times.ts';
import { bareWord } from './words.ts';

/** What an engine calls a word: a whole one, or a token of whisper.cpp. */
export interface EngineWord extends GivenTimes {
  word: string;
  probability?: number | undefined;
}

export interface TimedWord extends GivenTimes {
  word: string;
  probability?: number | undefined;
}

/**
 * Gives the words of a text the times of an engine's words. The text is what was said; engines cut it in other places
 * (tokens, hyphens) and leave punctuation out, so letters are matched, not words.
 */
export function timeWords(texts: readonly string[], engineWords: readonly EngineWord[]): TimedWord[] {
  const tokens = engineWords.map((token) => ({ ...token, letters: lettersOf(token.word) }));
  const words = texts.map((word) => ({ word, letters: lettersOf(word) }));
  const sameLetters = words.map(({ letters }) => letters).join('') === tokens.map(({ letters }) => letters).join('');
  return sameLetters ? byLetters(words, tokens) : byWords(texts, engineWords);
}

interface Lettered {
  word: string;
  letters: string;
}

/** Both sides spell the same letters: each word gets the tokens its letters lie in. */
function byLetters(words: readonly Lettered[], tokens: readonly (EngineWord & Lettered)[]): TimedWord[] {
  const spelled = withPositions(tokens).filter(({ from, to }) => to > from);
  let first = 0;
  return withPositions(words).map(({ item: { word }, from, to }) => {
    while ((spelled[first]?.to ?? Infinity) <= from) first++;
    const hit: EngineWord[] = [];
    for (let at = first; (spelled[at]?.from ?? Infinity) < to; at++) {
      const token = spelled[at]?.item;
      if (token) hit.push(token);
    }
    return { word, start: hit[0]?.start, end: hit.at(-1)?.end, ...mean(hit) };
  });
}

/** Each item with the stretch of letters it spells, counted over all of them. */
function withPositions<T extends Lettered>(items: readonly T[]): { item: T; from: number; to: number }[] {
  let to = 0;
  return items.map((item) => {
    const from = to;
    to += item.letters.length;
    return { item, from, to };
  });
}

/** The sides differ (numbers spelled out, a symbol left out): equal words are matched in order, the others get no times. */
function byWords(texts: readonly string[], engineWords: readonly EngineWord[]): TimedWord[] {
  const heard = (word: string) => ({ bare: bareWord(word.trim()), start: 0, end: 0, spread: Infinity });
  const words: TimedWord[] = texts.map((word) => ({ word }));
  for (const { left, right } of alignWords(
    texts.map(heard),
    engineWords.map(({ word }) => heard(word)),
  )) {
    const engineWord = engineWords[right];
    const word = texts[left];
    if (engineWord && word !== undefined) words[left] = { ...engineWord, word };
  }
  return words;
}

function mean(tokens: readonly EngineWord[]): { probability?: number } {
  const known = tokens.flatMap(({ probability }) => (probability === undefined ? [] : [probability]));
  return known.length === 0 ? {} : { probability: known.reduce((sum, value) => sum + value, 0) / known.length };
}

function lettersOf(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
