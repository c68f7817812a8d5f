import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { HOUR, MINUTE } from '#shared/config/defaults';
import { CancelledError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { inSpan } from '#shared/observability/spans';
import type { Grant } from './book.ts';
import { BookingLoop } from './booking-loop.ts';
import { EndpointLink } from './endpoint-link.ts';
import type { LimiterObserver } from './limiter-observer.ts';
import { type EndpointStatus, endpointStatus } from './limiter-status.ts';
import { LIMITS_BUCKET } from './limits-bucket.ts';
import { type LimitsInput, limitsSchema } from './limits.ts';
import { Outbox } from './outbox.ts';
import { Permit } from './permit.ts';
import { PermitDesk } from './permit-desk.ts';
import { gaveUpError } from './refusals.ts';
import { UnstartedPermits } from './unstarted-permits.ts';
import { type AcquireOptions, type Cost, Waiter } from './waiter.ts';
import { minuteLayout, slotMs } from './window-layout.ts';

export interface RateLimiterOptions {
  connection: NatsConnection;
  /** See `endpointKey`. */
  endpoint: string;
  /** Used where the bucket holds no limits, or such as an earlier configuration wrote. */
  limits: LimitsInput;
  /** Copies of the bucket: 1, or 3 in a cluster. */
  replicas: number;
  log: Log;
  /** Longest time one call may take, in milliseconds; a permit's lease lasts as long. */
  callMs?: number;
  /** Time after which `acquire` gives up, in milliseconds. */
  maxWaitMs?: number;
  observer?: LimiterObserver;
  bucket?: string;
  /** Milliseconds of a clock that never jumps. */
  monotonic?: () => number;
  random?: () => number;
}

const DEFAULT_TIMES = { callMs: 10 * MINUTE, maxWaitMs: 5 * MINUTE } as const;
/** A lease further ahead than a day would make the state look like one from the future. */
const LONGEST_CALL_MS = 12 * HOUR;
/** Permits a replica may hold and not have started, so that no replica books the whole calendar. */
const MAX_UNSTARTED = 4;
/** How long a closing limiter tries to give its leases back, in milliseconds. */
const CLOSE_MS = 2000;

/** What this replica knows of the endpoint, and does itself. */
export interface LimiterStatus {
  /** Undefined while the state is not known. */
  endpoint: EndpointStatus | undefined;
  /** Why nothing may be sent, apart from the state itself. */
  trouble: string | undefined;
  /** Why the stored limits are not in force. */
  limitsError: string | undefined;
  waiting: number;
  unstarted: number;
  /** How wrong the time may be, in milliseconds. */
  clockUncertaintyMs: number;
}

/**
 * Permits for one endpoint, shared by every process that opens a limiter for the same endpoint on the same NATS: all of
 * them together never send more than the limits allow in any sliding window. How, and why that is safe:
 * `docs/rate-limiting.md`.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #monotonic: () => number;
  readonly #random: () => number;
  readonly #observer: LimiterObserver;
  readonly #outbox: Outbox;
  readonly #unstarted: UnstartedPermits;
  readonly #link: EndpointLink;
  readonly #loop: BookingLoop;
  readonly #desk: PermitDesk;
  readonly #running: Promise<void>;
  #leases = 0;
  #closing = false;
  #calling = 0;

  /** @throws PermanentError `unsafe-nats`; NatsError where NATS can't be reached. */
  static async open(options: RateLimiterOptions): Promise<RateLimiter> {
    let onChange = (_matters: boolean): void => {};
    const link = await EndpointLink.open({
      connection: options.connection,
      bucket: options.bucket ?? LIMITS_BUCKET,
      replicas: options.replicas,
      endpoint: options.endpoint,
      configured: limitsSchema.parse({ ...options.limits, setBy: 'configuration' }),
      monotonic: options.monotonic ?? (() => performance.now()),
      log: options.log,
      onChange: (matters) => onChange(matters),
      onRebuilt: (reason) => options.observer?.rebuilt?.(reason),
    });
    const limiter = new RateLimiter(options, link);
    onChange = (matters) => limiter.#loop.onNews(matters);
    return limiter;
  }

  private constructor(options: RateLimiterOptions, link: EndpointLink) {
    this.#options = options;
    this.#link = link;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#random = options.random ?? Math.random;
    this.#observer = options.observer ?? {};
    this.#outbox = new Outbox(this.#monotonic);
    this.#unstarted = new UnstartedPermits((waiter, grant) => this.#start(waiter, grant));
    const prefix = randomBytes(6).toString('base64url');
    this.#loop = new BookingLoop({
      endpoint: options.endpoint,
      link,
      outbox: this.#outbox,
      monotonic: this.#monotonic,
      random: this.#random,
      nameLease: () => `${prefix}.${(this.#leases++).toString(36)}`,
      room: () => (this.#closing ? 0 : MAX_UNSTARTED - this.#unstarted.size),
      onGranted: (waiter, grant) => this.#granted(waiter, grant),
      observer: this.#observer,
    });
    this.#desk = new PermitDesk({
      link,
      outbox: this.#outbox,
      observer: this.#observer,
      onChange: () => this.#loop.wake(),
    });
    this.#running = this.#loop.run();
  }

  /**
   * Waits for a permit and resolves when its time has come: send at once.
   * @throws PermanentError `over-rate-limit` when it could never be granted
   * @throws RetryableError `rate-limit-wait` after `maxWaitMs`; `quota-exhausted` or `limits-paused` while somebody must act
   * @throws CancelledError when the signal aborts or the limiter closes
   */
  async acquire(cost: Cost = {}, options: AcquireOptions = {}): Promise<Permit> {
    if (this.#closing || options.signal?.aborted) throw new CancelledError('Cancelled before a permit was asked for.');
    const times = {
      since: this.#monotonic(),
      maxWaitMs: options.maxWaitMs ?? this.#options.maxWaitMs ?? DEFAULT_TIMES.maxWaitMs,
      callMs: Math.min(LONGEST_CALL_MS, options.callMs ?? this.#options.callMs ?? DEFAULT_TIMES.callMs),
    };
    const waiter = new Waiter(cost, options, times, {
      deadline: (overdue) => this.#deadline(overdue),
      cancelled: (cancelled) => this.#cancelled(cancelled),
    });
    return inSpan('limiter wait', { 'podline.endpoint': this.#options.endpoint }, () => {
      this.#loop.queue(waiter, 'last');
      return waiter.promise;
    });
  }

  /** Stops the whole cluster until an operator resumes: the provider won't serve the account. Resolves when stored. */
  async quotaExhausted(reason: string): Promise<void> {
    this.#options.log.error(
      { endpoint: this.#options.endpoint, reason },
      'The provider serves this account no more; nothing is sent until it is resumed',
    );
    await this.#desk.stop(reason);
  }

  /** Calls of this replica that hold a permit now. */
  get calling(): number {
    return this.#calling;
  }

  /** Milliseconds since 1970 by the server's clock; by this machine's while that is not known. */
  now(): number {
    return this.#link.clock.now() ?? Date.now();
  }

  status(): LimiterStatus {
    const now = this.#link.clock.now();
    const state = this.#link.shared.view?.state;
    return {
      endpoint: state && now !== undefined ? endpointStatus(state, now) : undefined,
      trouble: this.#link.trouble(),
      limitsError: this.#link.shared.limitsError,
      waiting: this.#loop.waiting,
      unstarted: this.#unstarted.size,
      clockUncertaintyMs: this.#link.clock.uncertaintyMs,
    };
  }

  /** Gives back the leases of permits that were not started, and ends. Settle the calls that run before this. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const waiter of this.#loop.takeAll()) waiter.fail(new CancelledError('The limiter is closing.'));
    for (const { waiter, grant } of this.#unstarted.takeAll()) {
      waiter.fail(new CancelledError('The limiter is closing.'));
      void this.#desk.settle(grant, undefined);
    }
    const until = this.#monotonic() + CLOSE_MS;
    while (this.#outbox.size > 0 && this.#monotonic() < until) await delay(5);
    this.#loop.stop();
    this.#outbox.clear();
    await this.#link.close();
    await this.#running;
  }

  #granted(waiter: Waiter, grant: Grant): void {
    if (waiter.over || this.#closing) {
      void this.#desk.settle(grant, undefined);
      waiter.fail(new CancelledError('The limiter is closing.'));
      return;
    }
    const now = this.#link.clock.now() ?? grant.startsAt;
    const slot = slotMs(minuteLayout(this.#link.shared.limits.layout));
    // Spread over the slot, or every replica would send at its very beginning.
    const delayMs = grant.startsAt <= now ? 0 : grant.startsAt - now + this.#random() * slot * 0.5;
    if (delayMs > 0 && waiter.waits('rate', delayMs)) this.#observer.waits?.('rate');
    this.#unstarted.add(waiter, grant, delayMs);
  }

  #start(waiter: Waiter, grant: Grant): void {
    this.#loop.wake();
    const waitSeconds = (this.#monotonic() - waiter.since) / 1000;
    const now = this.#link.clock.now() ?? grant.startsAt;
    if (this.#desk.whyNot(grant) === undefined) {
      this.#observer.permit?.('granted', waitSeconds);
      this.#calling++;
      const ended = (): void => void this.#calling--;
      waiter.succeed(new Permit(grant, this.#desk, grant.leaseUntil - now, ended));
      this.#observer.calling?.();
      return;
    }
    const pauseMs = this.#desk.pauseLeftMs();
    if (pauseMs > 0 && now + pauseMs < grant.usableUntil) {
      this.#unstarted.add(waiter, grant, pauseMs);
      return;
    }
    this.#observer.permit?.('late', waitSeconds);
    void this.#desk.settle(grant, undefined);
    if (this.#monotonic() >= waiter.deadline) this.#deadline(waiter);
    else this.#loop.queue(waiter, 'first');
  }

  #deadline(waiter: Waiter): void {
    // A permit that is booked comes within its slot: the wait is as good as over.
    if (waiter.over || this.#unstarted.has(waiter)) return;
    const waitedMs = this.#monotonic() - waiter.since;
    this.#loop.remove(waiter);
    this.#observer.permit?.('gave-up', waitedMs / 1000);
    waiter.fail(gaveUpError(this.#options.endpoint, waitedMs, waiter.reason));
  }

  #cancelled(waiter: Waiter): void {
    this.#loop.remove(waiter);
    this.#observer.permit?.('cancelled', (this.#monotonic() - waiter.since) / 1000);
    const grant = this.#unstarted.take(waiter);
    if (grant) void this.#desk.settle(grant, undefined);
  }
}
