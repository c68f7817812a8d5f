import { CancelledError, type PodlineError } from '#shared/errors';
import type { Amounts } from './find-slot.ts';
import type { WaitReason } from './book.ts';
import type { Permit } from './permit.ts';

/** What a call will use of the limits. */
export interface Cost extends Partial<Amounts> {
  /** Always one: a permit is for one request. */
  requests?: 1;
}

export interface WaitInfo {
  reason: WaitReason | 'stopped' | 'unavailable';
  /** Milliseconds until the wait may end, as far as that is known. */
  forMs: number | undefined;
}

export interface AcquireOptions {
  signal?: AbortSignal | undefined;
  /** Told when the call has to wait, and again when the reason changes. */
  onWait?: ((info: WaitInfo) => void) | undefined;
  /** Time after which `acquire` gives up, in milliseconds. */
  maxWaitMs?: number | undefined;
  /** Longest time the call itself may take, in milliseconds; the limiter's own where unset. */
  callMs?: number | undefined;
}

/** One call of `acquire` that is not answered yet. */
export class Waiter {
  readonly amounts: Amounts;
  readonly callMs: number;
  readonly since: number;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly promise: Promise<Permit>;
  readonly #resolve: (permit: Permit) => void;
  readonly #reject: (error: PodlineError) => void;
  readonly #options: AcquireOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;
  #reason: WaitInfo['reason'] | undefined;
  /** Answered, or given up. */
  over = false;

  constructor(
    cost: Cost,
    options: AcquireOptions,
    times: { since: number; maxWaitMs: number; callMs: number },
    on: { deadline: (waiter: Waiter) => void; cancelled: (waiter: Waiter) => void },
  ) {
    this.amounts = { tokens: Math.ceil(cost.tokens ?? 0), audioSeconds: Math.ceil(cost.audioSeconds ?? 0) };
    this.callMs = times.callMs;
    this.since = times.since;
    this.deadline = times.since + times.maxWaitMs;
    this.#options = options;
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => on.deadline(this), Math.min(times.maxWaitMs, 2 ** 31 - 1));
    this.#onAbort = () => {
      this.fail(new CancelledError('Cancelled while waiting for a permit.'));
      on.cancelled(this);
    };
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  waits(reason: WaitInfo['reason'], forMs: number | undefined): boolean {
    if (this.#reason === reason) return false;
    this.#reason = reason;
    this.#options.onWait?.({ reason, forMs });
    return true;
  }

  /** Why it has been waiting, in a word. */
  get reason(): string {
    return this.#reason ?? 'rate';
  }

  succeed(permit: Permit): void {
    this.#end();
    this.#resolve(permit);
  }

  fail(error: PodlineError): void {
    if (this.over) return;
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.over = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }
}
