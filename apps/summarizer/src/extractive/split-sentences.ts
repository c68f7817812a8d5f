import { goesOn } from './abbreviations.ts';
import { segmenter } from './segmenters.ts';
import { baseLanguage, stopWords } from './stop-words.ts';

/** A stretch of a text: characters from `from` up to, not including, `to`. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Splits a text into sentences, without the white space between them: by the Unicode rules for the language, with those
 * put together again that were cut after an abbreviation, an initial or an ordinal number.
 */
export function splitSentences(text: string, language: string): Span[] {
  const base = baseLanguage(language);
  const common = stopWords(base);
  const spans: Span[] = [];
  for (const { segment, index } of segmenter(base, 'sentence').segment(text)) {
    const span = trimmed(segment, index);
    if (span === undefined) continue;
    const previous = spans.at(-1);
    const joins =
      previous !== undefined &&
      goesOn(lastWord(text, previous), firstWord(text, span), base, (word) => common.has(word));
    if (joins) previous.to = span.to;
    else spans.push(span);
  }
  return spans;
}

function trimmed(segment: string, index: number): Span | undefined {
  const from = index + (segment.length - segment.trimStart().length);
  const to = index + segment.trimEnd().length;
  return to > from ? { from, to } : undefined;
}

function lastWord(text: string, { from, to }: Span): string {
  return text.slice(Math.max(from, text.lastIndexOf(' ', to - 1) + 1), to);
}

function firstWord(text: string, { from, to }: Span): string {
  const space = text.indexOf(' ', from);
  return text.slice(from, space === -1 || space > to ? to : space);
}
