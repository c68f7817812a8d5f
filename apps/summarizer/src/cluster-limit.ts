import type { CallCost as CostOfCall } from '#shared/contracts/cost';
import { PodlineError } from '#shared/errors';
import type { Budget } from '#shared/rate-limit/budget';
import { callCost } from '#shared/rate-limit/call-cost';
import { estimateCost } from '#shared/rate-limit/estimate-cost';
import type { RateLimiter } from '#shared/rate-limit/rate-limiter';
import type { CallCost, Limiter, Permit } from './openai/limiter.ts';

/** Added to the longest a call can take until its money is taken for spent, in milliseconds. */
const SETTLING_MS = 60_000;
/** Failures after which nobody knows whether the model has worked, and is paid. */
const UNKNOWN_OUTCOMES = ['timeout', 'connection', 'cancelled'];

export interface ClusterLimitOptions {
  limiter: RateLimiter;
  budget: Budget;
  /** Longest wait for a permit, and longest call, in milliseconds. */
  maxWaitMs: number;
  callMs: number;
}

/** The limiter and the budget that all replicas share, as a provider sees them. */
export class ClusterLimit implements Limiter {
  readonly #options: ClusterLimitOptions;

  constructor(options: ClusterLimitOptions) {
    this.#options = options;
  }

  async acquire(
    { model, promptTokens, answerTokens }: CallCost,
    { signal, feed }: { signal: AbortSignal; feed?: string | undefined },
  ): Promise<Permit> {
    const { limiter, budget, maxWaitMs, callMs } = this.#options;
    const most = estimateCost(model, { inputTokens: promptTokens, outputTokens: answerTokens });
    const lastsMs = maxWaitMs + callMs + SETTLING_MS;
    const money = await budget.setAside({ model, dollars: most?.dollars, feed, lastsMs });
    const permit = await limiter
      .acquire({ tokens: promptTokens + answerTokens }, { signal, callMs })
      .catch(async (error: unknown) => {
        await money.settle(0);
        throw error;
      });
    let cost: CostOfCall | undefined;
    return {
      settle: (used) => {
        cost = callCost(model, { inputTokens: used.promptTokens, outputTokens: used.completionTokens });
        budget.charged(cost);
        void permit.settle({ tokens: used.promptTokens + used.completionTokens });
        return money.settle(cost.dollars);
      },
      release: async (error) => {
        void permit.release();
        // An account without quota is nothing to try again: the whole cluster stops asking, until somebody resumes it.
        if (error instanceof PodlineError && error.reason === 'quota-exhausted')
          await limiter.quotaExhausted(error.message);
        if (cost === undefined) await money.settle(isUnknown(error) ? undefined : 0);
      },
      heard: (status, headers) => permit.heard(status, headers),
    };
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof PodlineError ? UNKNOWN_OUTCOMES.includes(error.reason) : error !== undefined;
}
