import { MINUTE, SECOND } from '#shared/config/defaults';
import { apiFeedback, type HeaderSource } from './api-feedback.ts';
import type { Grant } from './book.ts';
import type { EndpointLink } from './endpoint-link.ts';
import type { LimiterObserver } from './limiter-observer.ts';
import type { LimiterState } from './limiter-state.ts';
import { MAX_LEASES } from './limits.ts';
import type { Change, Outbox } from './outbox.ts';
import { stop, throttle } from './pause.ts';
import type { PermitIssuer } from './permit.ts';
import { bookForeignUse, settle } from './settle.ts';

/** How long the provider's words are worth passing on, in milliseconds. */
const THROTTLE_NEWS_MS = 30 * SECOND;
const STOP_NEWS_MS = 10 * MINUTE;
/** Least time to try to end a lease, in milliseconds. */
const SETTLE_MS = 2 * SECOND;

export interface PermitDeskOptions {
  link: EndpointLink;
  outbox: Outbox;
  observer: LimiterObserver;
  /** Called when something was put into the outbox. */
  onChange: () => void;
}

/** Where permits are checked, ended, and where what the provider says is taken down for the whole cluster. */
export class PermitDesk implements PermitIssuer {
  readonly #options: PermitDeskOptions;
  /** A pause this replica was told of and that is not stored yet, by the server's clock. */
  #pausedHereUntil = 0;

  constructor(options: PermitDeskOptions) {
    this.#options = options;
  }

  whyNot(grant: Grant): string | undefined {
    const { link } = this.#options;
    const trouble = link.trouble();
    if (trouble !== undefined) return trouble;
    const now = link.clock.now() ?? 0;
    const state = link.shared.view?.state;
    if (state?.generation !== grant.generation) return 'the state it was booked in is gone';
    if (now > grant.usableUntil) return `its slot ended ${Math.ceil(now - grant.usableUntil)} ms ago`;
    if (this.pauseLeftMs() > 0) return 'the provider asked for a pause';
    if (state.stopped || link.shared.limits.paused !== undefined) return 'the endpoint is stopped';
    return undefined;
  }

  /** Milliseconds until the provider's pause is over. */
  pauseLeftMs(): number {
    const { link } = this.#options;
    const until = Math.max(link.shared.view?.state.pausedUntil ?? 0, this.#pausedHereUntil);
    return Math.max(0, until - (link.clock.now() ?? until));
  }

  settle(grant: Grant, usedTokens: number | undefined): Promise<void> {
    const { link } = this.#options;
    const state = link.shared.view?.state;
    const othersMayWait = state && Object.keys(state.leases).length >= (state.limits.maxConcurrent ?? MAX_LEASES);
    const leftMs = grant.leaseUntil - (link.clock.now() ?? grant.startsAt);
    return this.#change(
      (current) => settle(current, grant, usedTokens),
      Math.max(SETTLE_MS, leftMs),
      othersMayWait !== true,
    );
  }

  heard(grant: Grant, status: number, headers: HeaderSource): void {
    const { throttled, remaining } = apiFeedback(status, headers);
    if (throttled) this.#throttle(grant, throttled);
    const state = this.#options.link.shared.view?.state;
    const now = this.#options.link.clock.now();
    if (!state || now === undefined || bookForeignUse(state, grant, remaining, now) === state) return;
    void this.#change((current, at) => bookForeignUse(current, grant, remaining, at), THROTTLE_NEWS_MS, true);
  }

  /** Resolves when it is stored. */
  stop(reason: string): Promise<void> {
    this.#options.observer.stopped?.(reason);
    return this.#change((state, now) => (state.stopped ? state : stop(state, reason, now)), STOP_NEWS_MS);
  }

  #throttle(grant: Grant, throttled: { retryAfterMs: number | undefined; overLimit: boolean }): void {
    const { link, observer } = this.#options;
    observer.throttled?.(throttled.overLimit);
    const apply = (state: LimiterState, now: number): LimiterState =>
      throttle(state, { ...throttled, sentAt: grant.startsAt }, now);
    const state = link.shared.view?.state;
    const now = link.clock.now();
    // This replica stops at once, the others when it is stored.
    if (state && now !== undefined) this.#pausedHereUntil = apply(state, now).pausedUntil;
    void this.#storePause(apply);
  }

  async #storePause(apply: Change['apply']): Promise<void> {
    await this.#change(apply, THROTTLE_NEWS_MS);
    this.#pausedHereUntil = 0;
  }

  #change(apply: Change['apply'], timeoutMs: number, patient = false): Promise<void> {
    const stored = this.#options.outbox.add(apply, { patient, timeoutMs });
    this.#options.onChange();
    return stored;
  }
}
