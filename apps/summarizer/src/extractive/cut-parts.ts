import type { InputSegment } from '../transcript-input.ts';
import type { Part } from './analyse-part.ts';

/** Size a part is meant to have, in characters: about twenty minutes of talk. */
const TARGET = 20_000;

/** Ends a sentence, in the scripts that mark it, with closing quotes after it. */
const SENTENCE_END = /[.!?…。！？।؟]["'”’»)\]]*$/u;

/**
 * Cuts a transcript into parts for worker threads, at ends of sentences, so that the cuts leave no trace in the result.
 * Where none is marked within twice the target, a sentence is cut.
 */
export function cutParts(segments: readonly InputSegment[], language: string): Part[] {
  const parts: Part[] = [];
  let first = 0;
  let size = 0;
  segments.forEach((segment, index) => {
    size += segment.text.length;
    if (size < TARGET) return;
    const next = segments[index + 1];
    const ends = SENTENCE_END.test(segment.text.trimEnd()) || next?.speaker !== segment.speaker;
    if (next === undefined || !(ends || size >= 2 * TARGET)) return;
    parts.push({ segments: segments.slice(first, index + 1), first, language });
    first = index + 1;
    size = 0;
  });
  if (first < segments.length) parts.push({ segments: segments.slice(first), first, language });
  return parts;
}
