/** How long a failed job rests before its next delivery. */
export interface RetryPolicy {
  /** Ceiling of the first delay, in milliseconds; it doubles with each delivery. */
  baseMs: number;
  /** Longest ceiling, in milliseconds. */
  capMs: number;
}

/**
 * Exponential back-off with full jitter: anything from nothing to min(cap, base x 2^(delivery - 1)), in whole
 * milliseconds. Full jitter spreads a herd of equal failures best (M. Brooker, "Exponential Backoff And Jitter", 2015).
 */
export function retryDelayMs(delivery: number, policy: RetryPolicy, random: () => number): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(delivery - 1, 30));
  return Math.floor(random() * ceiling);
}
