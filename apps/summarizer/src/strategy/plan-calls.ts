import { PermanentError } from '#shared/errors';
import { cutLines, type MeasuredLine, type Stretch } from './cut-lines.ts';
import type { ModelLimits } from './model-limits.ts';

/** How a model's context is shared out, in tokens. */
export interface Budget {
  /** Left for the transcript where it is summarized in one call. */
  whole: number;
  /** Left for a part of it, overlap included. */
  part: number;
  overlap: number;
  /** Left for the notes on the parts. */
  notes: number;
  /** Longest answers: the summary, and the notes on one part. */
  summaryAnswer: number;
  notesAnswer: number;
}

/** What is done: one call over everything, or notes on stretches of lines that are then reduced to one summary. */
export type Plan = { kind: 'whole' } | { kind: 'parts'; stretches: Stretch[] };

/** A full summary with chapters has about 1,500 tokens in English, and up to twice that in languages that take more. */
const SUMMARY_ANSWER = 4_000;
const NOTES_ANSWER = 1_600;
/** Reasoning models think first; their thoughts count as answer. */
const THOUGHTS = 12_000;
/** Largest overlap of two parts, and its share of small ones. */
const OVERLAP = 400;
const OVERLAP_SHARE = 0.08;
/** What counting gets wrong: the chat template around messages, and a retry that says what was wrong. */
const MARGIN = 250;
/** Largest line of a transcript, and some: a part with less room is not worth a call. */
const LEAST_PART = 700;

/**
 * Shares out a model's context.
 * @param promptTokens The instructions, without any transcript.
 * @throws PermanentError `context-too-small` where nothing of use is left.
 */
export function shareContext(limits: ModelLimits, promptTokens: number): Budget {
  const { contextTokens, maxAnswerTokens } = limits;
  const thoughts = limits.reasons ? THOUGHTS : 0;
  const answer = (tokens: number, share: number): number =>
    Math.floor(Math.min(tokens + thoughts, maxAnswerTokens, contextTokens * share));
  const summaryAnswer = answer(SUMMARY_ANSWER, 1 / 4);
  const notesAnswer = answer(NOTES_ANSWER, 1 / 6);
  const whole = contextTokens - promptTokens - MARGIN - summaryAnswer;
  const part = contextTokens - promptTokens - MARGIN - notesAnswer;
  if (part < LEAST_PART) {
    throw new PermanentError(
      'context-too-small',
      `The model's context of ${contextTokens} tokens leaves ${Math.max(0, part)} for the transcript; ${LEAST_PART} are needed. ` +
        'Start the server with a larger context, or choose another model.',
    );
  }
  const overlap = Math.floor(Math.min(OVERLAP, part * OVERLAP_SHARE));
  return { whole, part, overlap, notes: whole, summaryAnswer, notesAnswer };
}

/** One call where the transcript fits it, else parts. */
export function planCalls(lines: readonly MeasuredLine[], budget: Budget): Plan {
  const total = lines.reduce((sum, line) => sum + line.tokens, 0);
  if (total <= budget.whole) return { kind: 'whole' };
  const { part, overlap } = budget;
  const stretches = cutLines(lines, { budget: part, overlap });
  if (stretches.length > 1) return { kind: 'parts', stretches };
  // It fits only because notes are shorter than a summary: notes on one part would cost a call and say less than two.
  return { kind: 'parts', stretches: cutLines(lines, { budget: Math.ceil(total / 2) + overlap, overlap }) };
}

/**
 * Groups notes, in order, so that each group fits a call; every group but a lone one has at least two, so that each round of
 * reducing leaves at most half as many.
 * @param sizes Of the notes, in tokens.
 */
export function groupNotes(sizes: readonly number[], budget: number): Stretch[] {
  const groups: Stretch[] = [];
  let from = 0;
  let tokens = 0;
  sizes.forEach((size, i) => {
    if (i - from >= 2 && tokens + size > budget) {
      groups.push({ from, to: i });
      from = i;
      tokens = 0;
    }
    tokens += size;
  });
  if (from < sizes.length) groups.push({ from, to: sizes.length });
  const last = groups.at(-1);
  const before = groups.at(-2);
  // A lone one at the end would go round unchanged.
  if (last !== undefined && before !== undefined && last.to - last.from === 1 && before.to - before.from > 2) {
    before.to--;
    last.from--;
  }
  return groups;
}
