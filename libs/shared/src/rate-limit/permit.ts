import { RetryableError } from '#shared/errors';
import type { HeaderSource } from './api-feedback.ts';
import type { Grant } from './book.ts';

/** What a permit needs of the limiter that granted it. */
export interface PermitIssuer {
  /** Why the grant may not be used at this moment, or undefined. */
  whyNot(grant: Grant): string | undefined;
  settle(grant: Grant, usedTokens: number | undefined): Promise<void>;
  heard(grant: Grant, status: number, headers: HeaderSource): void;
}

/**
 * The right to make one call, now. Send at once after `assertUsable()`, pass `signal` to the call, and end with
 * `settle()` whatever became of it; `release()` where nothing was sent.
 */
export class Permit {
  readonly grant: Grant;
  /** Aborts when the lease is over: from then on the cluster takes this call for dead. */
  readonly signal: AbortSignal;
  readonly #issuer: PermitIssuer;
  readonly #leaseTimer: NodeJS.Timeout;
  #settled: Promise<void> | undefined;
  readonly #onEnd: () => void;

  /**
   * @param leaseMs time until the lease is over.
   * @param onEnd called once, when it is settled.
   */
  constructor(grant: Grant, issuer: PermitIssuer, leaseMs: number, onEnd: () => void = () => {}) {
    this.#onEnd = onEnd;
    this.grant = grant;
    this.#issuer = issuer;
    const lease = new AbortController();
    this.signal = lease.signal;
    const overdue = new RetryableError(
      'call-too-long',
      `The call took longer than the ${Math.round(leaseMs / 1000)} s of its lease.`,
    );
    this.#leaseTimer = setTimeout(() => lease.abort(overdue), Math.min(Math.max(0, leaseMs), 2 ** 31 - 1));
    this.#leaseTimer.unref();
  }

  get isUsable(): boolean {
    return this.#issuer.whyNot(this.grant) === undefined;
  }

  /**
   * To be called right before sending: a permit is worth nothing later than its slot, while the provider wants a pause,
   * or when the state it was booked in is gone.
   * @throws RetryableError `permit-lapsed`; release it and acquire another.
   */
  assertUsable(): void {
    const reason = this.#issuer.whyNot(this.grant);
    if (reason !== undefined)
      throw new RetryableError('permit-lapsed', `The permit lapsed: ${reason}.`, { blameless: true });
  }

  /** Tells the limiter what the provider answered, so that the whole cluster knows. */
  heard(status: number, headers: HeaderSource): void {
    this.#issuer.heard(this.grant, status, headers);
  }

  /**
   * Ends the lease. Resolves when that is stored, or given up: then it ends by itself.
   * @param tokens used, as the provider counted them; unset where it didn't say.
   */
  settle({ tokens }: { tokens?: number | undefined } = {}): Promise<void> {
    clearTimeout(this.#leaseTimer);
    if (!this.#settled) {
      this.#settled = this.#issuer.settle(this.grant, tokens);
      this.#onEnd();
    }
    return this.#settled;
  }

  /** Gives the lease back where nothing was sent. What was booked stays booked. */
  release(): Promise<void> {
    return this.settle();
  }
}
