import { PodlineError } from '#shared/errors';
import type { Permit } from './permit.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { AcquireOptions, Cost } from './waiter.ts';

/** What one call tells the limiter. */
export interface LimitedCall {
  /** Aborts when the job does, or when the lease is over. Pass it to the client. */
  signal: AbortSignal;
  /** To be called with the status and headers of the answer, whatever they are. */
  heard: Permit['heard'];
  /** To be called with the tokens the provider says it counted. */
  used: (tokens: number) => void;
}

/**
 * Makes one call under a permit: waits for it, sends while it is fresh, and ends its lease whatever happens. A
 * `quota-exhausted` error of the call stops the whole cluster.
 */
export async function callWithPermit<T>(
  limiter: RateLimiter,
  cost: Cost,
  options: AcquireOptions,
  call: (limited: LimitedCall) => Promise<T>,
): Promise<T> {
  const permit = await freshPermit(limiter, cost, options);
  let tokens: number | undefined;
  try {
    return await call({
      signal: options.signal ? AbortSignal.any([options.signal, permit.signal]) : permit.signal,
      heard: (status, headers) => permit.heard(status, headers),
      used: (counted) => {
        tokens = counted;
      },
    });
  } catch (error) {
    if (error instanceof PodlineError && error.reason === 'quota-exhausted')
      await limiter.quotaExhausted(error.message);
    throw error;
  } finally {
    void permit.settle({ tokens });
  }
}

/** A permit can lapse between its grant and this process's next step; the next one is then asked for. */
async function freshPermit(limiter: RateLimiter, cost: Cost, options: AcquireOptions): Promise<Permit> {
  for (;;) {
    const permit = await limiter.acquire(cost, options);
    if (permit.isUsable) return permit;
    void permit.release();
  }
}
