import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '#shared/errors';
import { Gate } from '#shared/parallel/gate';
import type { Limiter, Permit } from './limiter.ts';

const MINUTE_MS = 60_000;

export interface LocalLimitOptions {
  /** Calls at once. */
  maxConcurrent: number;
  /** Calls a minute; unset for a server that only minds how many run at once. */
  requestsPerMinute?: number | undefined;
  /** Milliseconds since some moment, and waiting for some; tests bring their own. */
  clock?: { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> } | undefined;
}

const CLOCK = {
  now: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
};

/** A limit for this process alone. Calls start evenly spaced, so that no sliding minute ever holds more than its share. */
export class LocalLimit implements Limiter {
  readonly #gate: Gate;
  readonly #spacingMs: number;
  readonly #clock: NonNullable<LocalLimitOptions['clock']>;
  #nextStart = -Infinity;

  constructor({ maxConcurrent, requestsPerMinute, clock = CLOCK }: LocalLimitOptions) {
    this.#gate = new Gate(maxConcurrent);
    this.#spacingMs = requestsPerMinute === undefined ? 0 : MINUTE_MS / requestsPerMinute;
    this.#clock = clock;
  }

  async acquire(_cost: unknown, { signal }: { signal: AbortSignal }): Promise<Permit> {
    const leave = await this.#gate.enter(signal);
    const now = this.#clock.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + this.#spacingMs;
    try {
      if (start > now) await this.#clock.sleep(start - now, signal);
    } catch (error) {
      leave();
      throw new CancelledError(undefined, { cause: error });
    }
    return { settle: () => {}, release: leave };
  }
}
