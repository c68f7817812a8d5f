import type { RateLimiter } from '#shared/rate-limit/rate-limiter';
import type { CallCost, Limiter, Permit } from './openai/limiter.ts';

/** The limiter that all replicas share, as a provider sees it. */
export class ClusterLimit implements Limiter {
  readonly #limiter: RateLimiter;

  constructor(limiter: RateLimiter) {
    this.#limiter = limiter;
  }

  async acquire({ tokens }: CallCost, { signal }: { signal: AbortSignal }): Promise<Permit> {
    const permit = await this.#limiter.acquire({ tokens }, { signal });
    return {
      settle: (actual) => permit.settle(actual),
      release: () => permit.release(),
      throttled: ({ retryAfterMs, overLimit }) => {
        const headers = new Headers(retryAfterMs === undefined ? {} : { 'retry-after-ms': String(retryAfterMs) });
        permit.heard(overLimit ? 429 : 503, headers);
      },
    };
  }
}
