import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '#shared/errors';
import type { RequestLimit } from './openai-engine.ts';

const MINUTE_MS = 60_000;

/** Requests a minute for this process alone: they start evenly spaced, so that no sliding minute ever holds more. */
export class LocalLimit implements RequestLimit {
  readonly #spacingMs: number;
  #nextStart = 0;

  constructor(requestsPerMinute: number) {
    this.#spacingMs = MINUTE_MS / requestsPerMinute;
  }

  async run<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const now = performance.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + this.#spacingMs;
    try {
      await delay(start - now, undefined, { signal });
    } catch (error) {
      throw signal.reason instanceof Error ? signal.reason : new CancelledError(undefined, { cause: error });
    }
    return request();
  }
}
