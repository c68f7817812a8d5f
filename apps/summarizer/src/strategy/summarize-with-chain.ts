import type { SummaryStep } from '#shared/contracts/summary';
import { CancelledError, classify, PermanentError, type PodlineError, RetryableError } from '#shared/errors';
import type { SummarizeContext, SummaryDraft, SummaryProvider } from '../summary-provider.ts';
import type { TranscriptInput } from '../transcript-input.ts';

export interface ChainContext extends SummarizeContext {
  /**
   * Times the job can still be tried again. While there are some, a provider that may answer soon is not passed over: its
   * error is thrown, and the retry asks it again. Unset or 0: the next provider is asked at once.
   */
  retriesLeft?: number | undefined;
  /** Longest delay that is worth such a retry, in milliseconds. */
  patienceMs?: number | undefined;
}

/** A provider that is throttled for a minute is worth waiting for. */
const PATIENCE_MS = 60_000;
/** These last until a person acts, or a month ends. */
const STOPPED = new Set(['quota-exhausted', 'limits-paused', 'budget-reached']);

/**
 * Asks one provider after another until one answers.
 * @returns The summary, and what became of each provider that was asked.
 * @throws CancelledError as soon as the signal aborts.
 * @throws RetryableError where no provider answered but one of them may later.
 * @throws PermanentError where none ever will: the error of the only provider, or `no-summary` naming all.
 */
export async function summarizeWithChain(
  providers: readonly SummaryProvider[],
  input: TranscriptInput,
  context: ChainContext,
): Promise<{ draft: SummaryDraft; steps: SummaryStep[] }> {
  const steps: SummaryStep[] = [];
  const errors: PodlineError[] = [];
  for (const [index, provider] of providers.entries()) {
    const who = { provider: provider.name, ...(provider.model === undefined ? {} : { model: provider.model }) };
    try {
      const draft = await provider.summarize(input, context);
      return { draft, steps: [...steps, { ...who, outcome: 'ok' }] };
    } catch (thrown) {
      const error = classify(thrown);
      if (error instanceof CancelledError || context.signal.aborted) throw error;
      if (index < providers.length - 1 && isWorthWaiting(error, context)) throw error;
      errors.push(error);
      steps.push({ ...who, outcome: 'failed', reason: error.reason });
    }
  }
  throw allFailed(errors, steps);
}

function isWorthWaiting(error: PodlineError, { retriesLeft = 0, patienceMs = PATIENCE_MS }: ChainContext): boolean {
  if (!(error instanceof RetryableError) || STOPPED.has(error.reason)) return false;
  return retriesLeft > 0 && (error.delayMs ?? 0) <= patienceMs;
}

function allFailed(errors: readonly PodlineError[], steps: readonly SummaryStep[]): PodlineError {
  const [only] = errors;
  if (only !== undefined && errors.length === 1) return only;
  const retryable = errors.find((error) => error.retryable);
  if (retryable !== undefined) return retryable;
  const story = errors.map((error, i) => `${steps[i]?.provider}: ${error.message}`).join(' ');
  return new PermanentError('no-summary', `No provider could summarize the episode. ${story}`.trim());
}
