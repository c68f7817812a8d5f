import { splitSentences } from '../extractive/split-sentences.ts';
import type { InputSegment } from '../transcript-input.ts';

/** How good a place before a line is to cut at: nowhere, between sentences, between paragraphs, between speakers. */
export const BREAKS = { none: 0, sentence: 1, paragraph: 2, speaker: 3 } as const;
export type Break = (typeof BREAKS)[keyof typeof BREAKS];

/** Some sentences of one speaker, as a model reads them. */
export interface TranscriptLine {
  /** Seconds; always the start of a segment. */
  start: number;
  end: number;
  speaker?: string | undefined;
  text: string;
  breakBefore: Break;
}

/** A line ends with the first sentence that reaches this length, in characters. */
const TARGET = 400;
/** Longest line, in characters. */
const LONGEST = 600;
/** A silence this long between two sentences begins a paragraph, in seconds. */
const PARAGRAPH_PAUSE = 1.5;
const SENTENCE_END = /[.!?…。！？।؟]["'”’»)\]]*$/u;

/** Joins the segments of a transcript to lines of a few sentences, so that times take few tokens. Silent segments are left out. */
export function transcriptLines(segments: readonly InputSegment[], language: string): TranscriptLine[] {
  const lines: TranscriptLine[] = [];
  let open = false;
  for (const segment of segments) {
    for (const text of pieces(segment.text.replace(/\s+/gu, ' ').trim(), language)) {
      const last = lines.at(-1);
      const breakBefore = breakBetween(last, segment);
      if (open && last !== undefined && continues(last, text, breakBefore)) {
        last.text += ` ${text}`;
        last.end = segment.end;
      } else {
        lines.push({ start: segment.start, end: segment.end, speaker: segment.speaker, text, breakBefore });
      }
      open = !(lines.at(-1)!.text.length >= TARGET && SENTENCE_END.test(text));
    }
  }
  return lines;
}

function breakBetween(last: TranscriptLine | undefined, next: InputSegment): Break {
  if (last === undefined || last.speaker !== next.speaker) return BREAKS.speaker;
  if (!SENTENCE_END.test(last.text)) return BREAKS.none;
  return next.start - last.end >= PARAGRAPH_PAUSE ? BREAKS.paragraph : BREAKS.sentence;
}

function continues(last: TranscriptLine, text: string, breakBefore: Break): boolean {
  return breakBefore < BREAKS.paragraph && last.text.length + 1 + text.length <= LONGEST;
}

/** A segment of several minutes is cut into sentences, and a sentence that is too long at spaces. */
function pieces(text: string, language: string): string[] {
  if (text.length <= LONGEST) return text === '' ? [] : [text];
  return splitSentences(text, language).flatMap(({ from, to }) => {
    const result: string[] = [];
    let rest = text.slice(from, to);
    while (rest.length > LONGEST) {
      const space = rest.lastIndexOf(' ', LONGEST);
      const at = space > LONGEST / 2 ? space : LONGEST;
      result.push(rest.slice(0, at).toWellFormed().trim());
      rest = rest.slice(at).toWellFormed().trim();
    }
    return rest === '' ? result : [...result, rest];
  });
}
