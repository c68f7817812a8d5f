import { type ApiError, rateLimited } from './api-error.ts';
import { SlidingLog } from './sliding-log.ts';

/** What the server enforces; what is left out is not limited. */
export interface ServerLimits {
  /** Length of the sliding window, in milliseconds. */
  windowMs: number;
  requests?: number | undefined;
  tokens?: number | undefined;
  audioSeconds?: number | undefined;
  /** Requests at once, from arrival to the end of the answer. */
  concurrent?: number | undefined;
}

export interface Usage {
  tokens: number;
  audioSeconds: number;
}

const DIMENSIONS = ['requests', 'tokens', 'audioSeconds'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/**
 * Enforces limits by a strict log of everything that arrived. Refused requests count too, as they do at the real API:
 * hammering makes it worse.
 */
export class LimitKeeper {
  limits: ServerLimits;
  mostConcurrent = 0;
  overLimit: Record<Dimension | 'concurrent', number> = { requests: 0, tokens: 0, audioSeconds: 0, concurrent: 0 };
  readonly #logs = { requests: new SlidingLog(), tokens: new SlidingLog(), audioSeconds: new SlidingLog() };
  #active = 0;

  constructor(limits: ServerLimits) {
    this.limits = limits;
  }

  /** Enters an arrived request; returns the refusal when it is over a limit. */
  enter(at: number, usage: Usage): ApiError | undefined {
    const amounts: Record<Dimension, number> = { requests: 1, ...usage };
    const refusals = DIMENSIONS.flatMap((dimension) => this.#refusal(dimension, at, amounts[dimension]) ?? []);
    for (const dimension of DIMENSIONS) {
      if (amounts[dimension] > 0) this.#logs[dimension].add(at, amounts[dimension]);
    }
    return refusals[0];
  }

  /** To be called when a request arrives; returns the refusal when too many run at once. */
  begin(): ApiError | undefined {
    this.#active++;
    this.mostConcurrent = Math.max(this.mostConcurrent, this.#active);
    const { concurrent } = this.limits;
    if (concurrent === undefined || this.#active <= concurrent) return undefined;
    this.overLimit.concurrent++;
    return rateLimited('concurrent requests', concurrent, 1000);
  }

  end(): void {
    this.#active--;
  }

  /** The real API's x-ratelimit-* headers, for the limits it has such headers for. */
  headers(now: number): Record<string, string> {
    return Object.fromEntries(
      (['requests', 'tokens'] as const).flatMap((dimension) => {
        const limit = this.limits[dimension];
        if (limit === undefined) return [];
        const used = this.#logs[dimension].usedSince(now, this.limits.windowMs);
        const reset = this.#logs[dimension].waitFor(now, this.limits.windowMs, limit, limit);
        return [
          [`x-ratelimit-limit-${dimension}`, String(limit)],
          [`x-ratelimit-remaining-${dimension}`, String(Math.max(0, Math.floor(limit - used)))],
          [`x-ratelimit-reset-${dimension}`, goDuration(reset)],
        ];
      }),
    );
  }

  mostInAnyWindow(): Record<Dimension, number> {
    const most = (dimension: Dimension): number => this.#logs[dimension].mostInAnyWindow(this.limits.windowMs);
    return { requests: most('requests'), tokens: most('tokens'), audioSeconds: most('audioSeconds') };
  }

  #refusal(dimension: Dimension, at: number, amount: number): ApiError | undefined {
    const limit = this.limits[dimension];
    if (limit === undefined || amount === 0) return undefined;
    const used = this.#logs[dimension].usedSince(at, this.limits.windowMs);
    if (used + amount <= limit) return undefined;
    this.overLimit[dimension]++;
    const wait = this.#logs[dimension].waitFor(at, this.limits.windowMs, amount, limit);
    return rateLimited(dimension, limit, Number.isFinite(wait) ? wait : this.limits.windowMs);
  }
}

/** Milliseconds as the API writes them: `20ms`, `1.5s`, `6m0s`. */
function goDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.ceil(milliseconds)}ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${round(seconds)}s` : `${Math.floor(seconds / 60)}m${round(seconds % 60)}s`;
}

function round(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}
