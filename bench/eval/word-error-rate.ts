import { alignWords, type Step } from './align-words.ts';
import { normaliseWords } from './normalise-words.ts';

/** One place where the texts differ, as a person would read it; words are in their normalised form. */
export interface Difference {
  /** Index of the first differing word in the normalised reference. */
  at: number;
  before: string;
  reference: string;
  hypothesis: string;
  after: string;
}

export interface WordErrorRate {
  /** Errors per word of the reference, as a fraction: 0.02 is 2 %. More than 1 is possible. */
  rate: number;
  substitutions: number;
  deletions: number;
  insertions: number;
  /** Words in the normalised reference. */
  words: number;
  /** Where the texts differ, in order; neighbouring errors are one difference. */
  differences: Difference[];
}

const CONTEXT_WORDS = 4;

/**
 * Word error rate of a transcript (the hypothesis) against what was really said (the reference): substitutions,
 * deletions and insertions of the cheapest alignment of the normalised words, divided by the reference's words. Where
 * the reference is empty the rate counts as if it had one word, so that it stays a number.
 */
export function wordErrorRate(reference: string, hypothesis: string): WordErrorRate {
  const said = normaliseWords(reference);
  const heard = normaliseWords(hypothesis);
  const steps = alignWords(said, heard);
  const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;
  const errors = { substitutions: count('substitution'), deletions: count('deletion'), insertions: count('insertion') };
  const total = errors.substitutions + errors.deletions + errors.insertions;
  return {
    rate: total / Math.max(1, said.length),
    ...errors,
    words: said.length,
    differences: differencesOf(steps, said, heard),
  };
}

function differencesOf(steps: readonly Step[], said: readonly string[], heard: readonly string[]): Difference[] {
  const differences: Difference[] = [];
  for (let at = 0; at < steps.length; at++) {
    const first = steps[at];
    if (!first || first.kind === 'match') continue;
    while (at + 1 < steps.length && steps[at + 1]?.kind !== 'match') at++;
    const behind = steps[at + 1] ?? { reference: said.length, hypothesis: heard.length };
    differences.push({
      at: first.reference,
      before: said.slice(Math.max(0, first.reference - CONTEXT_WORDS), first.reference).join(' '),
      reference: said.slice(first.reference, behind.reference).join(' '),
      hypothesis: heard.slice(first.hypothesis, behind.hypothesis).join(' '),
      after: said.slice(behind.reference, behind.reference + CONTEXT_WORDS).join(' '),
    });
  }
  return differences;
}
