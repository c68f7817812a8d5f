/** What a call is expected to take, before it is made. */
export interface CallCost {
  /** Prompt and longest answer, in tokens. */
  tokens: number;
}

/** The right to make one call. Whoever holds it settles it if the call was answered, and releases it in any case. */
export interface Permit {
  settle(actual: { tokens: number }): Promise<void> | void;
  /** The API refused the call: everyone slows down or waits. */
  throttled?(refusal: { retryAfterMs: number | undefined; overLimit: boolean }): Promise<void> | void;
  release(): Promise<void> | void;
}

/** Hands out permits, in this process or over a whole cluster. */
export interface Limiter {
  /** @throws CancelledError where the signal aborts while it waits. */
  acquire(cost: CallCost, options: { signal: AbortSignal }): Promise<Permit>;
}
