import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '#shared/errors';
import { Gate } from '../strategy/gate.ts';
import type { Limiter, Permit } from './limiter.ts';

const MINUTE_MS = 60_000;

export interface LocalLimitOptions {
  /** Calls at once. */
  maxConcurrent: number;
  /** Calls a minute; unset for a server that only minds how many run at once. */
  requestsPerMinute?: number | undefined;
}

/** A limit for this process alone. Calls start evenly spaced, so that no sliding minute ever holds more than its share. */
export class LocalLimit implements Limiter {
  readonly #gate: Gate;
  readonly #spacingMs: number;
  #nextStart = 0;

  constructor({ maxConcurrent, requestsPerMinute }: LocalLimitOptions) {
    this.#gate = new Gate(maxConcurrent);
    this.#spacingMs = requestsPerMinute === undefined ? 0 : MINUTE_MS / requestsPerMinute;
  }

  async acquire(_cost: unknown, { signal }: { signal: AbortSignal }): Promise<Permit> {
    const leave = await this.#gate.enter(signal);
    const now = performance.now();
    const start = Math.max(now, this.#nextStart);
    this.#nextStart = start + this.#spacingMs;
    try {
      if (start > now) await delay(start - now, undefined, { signal });
    } catch (error) {
      leave();
      throw new CancelledError(undefined, { cause: error });
    }
    return { settle: () => {}, release: leave };
  }
}
