import type { InputSegment } from '../transcript-input.ts';
import { type Analysis, NO_TERM, Numbering } from './analysis.ts';
import { timedSentences } from './timed-sentences.ts';
import { wordsOf } from './words.ts';

/** A piece of a transcript to analyse on its own. */
export interface Part {
  segments: readonly InputSegment[];
  /** Index of its first segment in the transcript. */
  first: number;
  language: string;
}

/** Splits a part into sentences and words. Sentences without a letter or digit are left out. */
export function analysePart({ segments, first, language }: Part): Analysis {
  const sentences = timedSentences(segments, language).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence.text));
  const vocabulary = new Numbering();
  const spellings = new Numbering();
  const offsets = [0];
  const terms: number[] = [];
  const forms: number[] = [];
  for (const sentence of sentences) {
    for (const { form, term } of wordsOf(sentence.text, language)) {
      forms.push(spellings.of(form));
      terms.push(term === undefined ? NO_TERM : vocabulary.of(term));
    }
    offsets.push(terms.length);
  }
  return {
    texts: sentences.map((sentence) => sentence.text),
    starts: Float64Array.from(sentences, (sentence) => sentence.start),
    ends: Float64Array.from(sentences, (sentence) => sentence.end),
    segments: Int32Array.from(sentences, (sentence) => first + sentence.segment),
    offsets: Int32Array.from(offsets),
    terms: Int32Array.from(terms),
    forms: Int32Array.from(forms),
    vocabulary: vocabulary.strings,
    spellings: spellings.strings,
  };
}
