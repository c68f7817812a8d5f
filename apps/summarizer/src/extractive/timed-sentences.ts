import type { InputSegment } from '../transcript-input.ts';
import { splitSentences, type Span } from './split-sentences.ts';

/** A sentence with the time it is said at. Times in seconds, rounded to milliseconds. */
export interface TimedSentence {
  text: string;
  start: number;
  end: number;
  /** Index of the segment it begins in. */
  segment: number;
}

/** Longest sentence, in characters: speech that was written down without punctuation has to end somewhere. */
const LONGEST = 400;

/** Scripts that write no space between words, and so between segments neither. */
const NO_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;

/** Where a segment's text lies in the text of its speaker's turn. */
interface Placed {
  segment: InputSegment;
  index: number;
  from: number;
  to: number;
}

/**
 * The sentences of a transcript. Segments may begin and end inside a sentence: what one speaker says is put together
 * first, then split; the time of a character is interpolated within its segment.
 */
export function timedSentences(segments: readonly InputSegment[], language: string): TimedSentence[] {
  return turns(segments).flatMap((turn) => sentencesOfTurn(turn, language));
}

/** Segments one after another by the same speaker, with their index; those without text are left out. */
function turns(segments: readonly InputSegment[]): [InputSegment, number][][] {
  const result: [InputSegment, number][][] = [];
  let speaker: string | undefined;
  segments.forEach((segment, index) => {
    if (segment.text.trim() === '') return;
    const last = result.at(-1);
    if (last === undefined || segment.speaker !== speaker) result.push([[segment, index]]);
    else last.push([segment, index]);
    speaker = segment.speaker;
  });
  return result;
}

function sentencesOfTurn(turn: readonly [InputSegment, number][], language: string): TimedSentence[] {
  const { text, placed } = place(turn);
  const starts = placed.map((piece) => piece.from);
  let at = 0;
  return splitSentences(text, language)
    .flatMap((span) => shortened(text, span, starts))
    .map((span) => {
      while (at + 1 < placed.length && placed[at + 1]!.from <= span.from) at++;
      let last = at;
      while (last + 1 < placed.length && placed[last + 1]!.from < span.to) last++;
      return {
        text: text.slice(span.from, span.to),
        start: timeAt(placed[at]!, span.from),
        end: timeAt(placed[last]!, span.to),
        segment: placed[at]!.index,
      };
    });
}

function place(turn: readonly [InputSegment, number][]): { text: string; placed: Placed[] } {
  const placed: Placed[] = [];
  const texts: string[] = [];
  let length = 0;
  for (const [segment, index] of turn) {
    const piece = segment.text.trim().replace(/\s+/gu, ' ');
    const gap = length === 0 || NO_SPACES.test(texts.at(-1) ?? '') ? '' : ' ';
    placed.push({ segment, index, from: length + gap.length, to: length + gap.length + piece.length });
    texts.push(gap + piece);
    length += gap.length + piece.length;
  }
  return { text: texts.join(''), placed };
}

function timeAt({ segment, from, to }: Placed, character: number): number {
  const share = Math.min(1, Math.max(0, (character - from) / (to - from)));
  return Math.round((segment.start + share * (segment.end - segment.start)) * 1000) / 1000;
}

/** Cuts a span that is too long: where a segment begins, if one does in its second half, else at a space. */
function shortened(text: string, span: Span, segmentStarts: readonly number[]): Span[] {
  const spans: Span[] = [];
  let { from } = span;
  while (span.to - from > LONGEST) {
    const cut =
      segmentStarts.findLast((start) => start <= from + LONGEST && start > from + LONGEST / 2) ??
      cutAtSpace(text, from);
    const to = text.slice(from, cut).trimEnd().length + from;
    spans.push({ from, to });
    from = cut;
  }
  spans.push({ from, to: span.to });
  return spans;
}

function cutAtSpace(text: string, from: number): number {
  const space = text.lastIndexOf(' ', from + LONGEST);
  if (space > from + LONGEST / 2) return space + 1;
  // Never between the halves of a surrogate pair.
  const low = text.charCodeAt(from + LONGEST);
  return from + LONGEST - (low >= 0xdc00 && low <= 0xdfff ? 1 : 0);
}
