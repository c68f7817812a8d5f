import type { Queue } from '#shared/contracts/names';
import { held } from '#shared/contracts/episode-transitions';
import type { EpisodeError } from '#shared/contracts/episode-state';
import { PodlineError } from '#shared/errors';
import { monthOf } from '#shared/rate-limit/budget-account';
import { BUDGET_REACHED } from '#shared/rate-limit/budget-refusals';
import type { Runtime } from './runtime.ts';

interface BudgetJob {
  episodeId: string;
  chunk?: number;
}

/**
 * Does a job, and where a budget stops it, says so: an event, once a month for each episode and queue, and a word in the
 * episode's state. The job is settled by its error as always: it waits, or becomes a dead letter.
 */
export async function tellingBudget(
  { publisher, episodes }: Pick<Runtime, 'publisher' | 'episodes'>,
  queue: Queue,
  { episodeId, chunk }: BudgetJob,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PodlineError && error.reason === BUDGET_REACHED) {
      const { reason, message } = error;
      const at = new Date().toISOString();
      const what: EpisodeError = { queue, reason, message, ...(chunk === undefined ? {} : { chunk }), at };
      await publisher.event(
        { v: 1, episodeId, type: BUDGET_REACHED, at, reason, message },
        `${queue}.${monthOf(Date.now())}`,
      );
      if (error.retryable) await episodes.update(episodeId, (state) => state && held(state, what));
    }
    throw error;
  }
}
