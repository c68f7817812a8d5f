import type { SummaryProviderName } from '#shared/contracts/names';
import type { Summary } from '#shared/contracts/summary';
import type { TranscriptInput } from './transcript-input.ts';

/** A summary before it knows its episode and how it came about. */
export type SummaryDraft = Omit<Summary, 'v' | 'episodeId' | 'steps'>;

export interface SummarizeContext {
  signal: AbortSignal;
  /** URL of the feed whose budget pays as well. */
  feed?: string | undefined;
  /** Sentences of an extractive abstract; a hint to the others. */
  sentences?: number | undefined;
}

/** Whoever can turn a transcript into a summary. Holds no state of an episode, so that one instance serves many at once. */
export interface SummaryProvider {
  readonly name: SummaryProviderName;
  readonly model?: string | undefined;
  /** @throws PermanentError, RetryableError or CancelledError. */
  summarize(input: TranscriptInput, context: SummarizeContext): Promise<SummaryDraft>;
}
