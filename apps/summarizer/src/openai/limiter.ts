/** What a call is expected to take, before it is made. */
export interface CallCost {
  model: string;
  /** As counted here, with what the chat format adds. */
  promptTokens: number;
  /** Longest answer asked for. */
  answerTokens: number;
}

/** The right to make one call. Whoever holds it settles it if the call was answered, and releases it in any case. */
export interface Permit {
  settle(actual: { promptTokens: number; completionTokens: number }): Promise<void> | void;
  /** What the API says of its limits, in any answer: everyone slows down or waits. */
  heard?(status: number, headers: Headers): void;
  /** @param error why it was not answered, where it was sent. */
  release(error?: unknown): Promise<void> | void;
}

/** Hands out permits, in this process or over a whole cluster. */
export interface Limiter {
  /**
   * @param options.feed whose budget pays for the call.
   * @throws CancelledError where the signal aborts while it waits.
   */
  acquire(cost: CallCost, options: { signal: AbortSignal; feed?: string | undefined }): Promise<Permit>;
}
