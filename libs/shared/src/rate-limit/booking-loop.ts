import { setTimeout as delay } from 'node:timers/promises';
import type { Grant } from './book.ts';
import type { SwapResult } from './endpoint-store.ts';
import type { EndpointLink } from './endpoint-link.ts';
import type { LimiterObserver } from './limiter-observer.ts';
import type { LimiterState } from './limiter-state.ts';
import { effectiveLimits, MAX_LEASES } from './limits.ts';
import type { Change, Outbox } from './outbox.ts';
import { type Plan, planRound } from './plan-round.ts';
import { refusalError } from './refusals.ts';
import type { Waiter } from './waiter.ts';
import { WakeUp } from './wake-up.ts';
import { minuteLayout, slotMs } from './window-layout.ts';

/** How long a lost compare-and-set waits for the news of what won, in milliseconds. */
const CONFLICT_WAIT_MS = 60;
/** Spread of the next try after it, in milliseconds. */
const CONFLICT_JITTER_MS = 8;
/** Spread of the tries for a lease that somebody gave back, in milliseconds: whoever gives back must not always win. */
const LEASE_JITTER_MS = 20;
const TROUBLE_WAIT_MS = 250;
const IDLE_MS = 60_000;

export interface BookingLoopOptions {
  endpoint: string;
  link: EndpointLink;
  outbox: Outbox;
  monotonic: () => number;
  random: () => number;
  nameLease: () => string;
  /** How many more permits may be booked ahead now. */
  room: () => number;
  onGranted: (waiter: Waiter, grant: Grant) => void;
  observer: LimiterObserver;
}

/** Puts waiting calls and pending changes into the state, all of them in one compare-and-set at a time. */
export class BookingLoop {
  readonly #options: BookingLoopOptions;
  readonly #work = new WakeUp();
  readonly #news = new WakeUp();
  #waiting: Waiter[] = [];
  #stopped = false;
  #heldBy: string | undefined;

  constructor(options: BookingLoopOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Queues a call, in front where it had a permit already and lost it. */
  queue(waiter: Waiter, where: 'first' | 'last'): void {
    if (where === 'first') this.#waiting.unshift(waiter);
    else this.#waiting.push(waiter);
    this.wake();
  }

  remove(waiter: Waiter): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiter);
  }

  wake(): void {
    this.#work.ring();
  }

  /** To be called when the state was seen to change. Most changes are other replicas' bookings, and wake nobody. */
  onNews(matters: boolean): void {
    this.#news.ring();
    if (matters || this.#heldBy === 'concurrency') this.wake();
  }

  /** Runs until `stop`. Never throws. */
  async run(): Promise<void> {
    while (!this.#stopped) await this.#work.sleep(await this.round());
  }

  stop(): void {
    this.#stopped = true;
    this.wake();
  }

  takeAll(): Waiter[] {
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  /** One attempt. @returns milliseconds until the next is worth it. */
  async round(): Promise<number> {
    const { link, outbox } = this.#options;
    outbox.dropOverdue();
    if (this.#waiting.length === 0 && outbox.size === 0 && !link.shared.limitsChanged) return IDLE_MS;
    const contended =
      this.#heldBy === 'concurrency' && link.shared.view !== undefined && !allLeased(link.shared.view.state);
    if (contended) await delay(this.#options.random() * LEASE_JITTER_MS);
    const { view } = link.shared;
    const now = link.clock.now();
    if (link.trouble() !== undefined || !view || now === undefined || link.shared.needsMending)
      return this.#overcomeTrouble();

    const { state, applied } = outbox.applyTo(this.#withLimits(view.state), now);
    const givesBack = applied.length > 0 && allLeased(view.state) && !allLeased(state);
    const plan = this.#plan(state, now, givesBack ? 0 : contended ? 1 : Infinity);
    const waitMs = this.#reasonToWait(plan, applied, now);
    if (waitMs > 0) return waitMs;
    const granted = plan.granted.map(({ waiter }) => waiter);
    this.#waiting = this.#waiting.filter((waiter) => !granted.includes(waiter));
    this.#news.forget();
    const result = await link.shared.swap(plan.state, view.revision);
    this.#options.observer.swap?.(result.kind);
    if (givesBack || contended) this.#heldBy = 'concurrency';
    if (result.kind === 'stored') return this.#stored(plan, applied);
    this.#waiting.unshift(...granted.filter(({ over }) => !over));
    return this.#notStored(result);
  }

  #plan(state: LimiterState, now: number, most: number): Plan {
    const { endpoint, room, nameLease, monotonic, observer } = this.#options;
    const plan = planRound(state, this.#waiting, Math.min(most, room()), nameLease, { now, monotonic: monotonic() });
    for (const { waiter, booking } of plan.refused) {
      this.remove(waiter);
      observer.permit?.('refused', (monotonic() - waiter.since) / 1000);
      waiter.fail(refusalError(endpoint, booking, state));
    }
    this.#heldBy = plan.held?.reason;
    if (plan.held) this.#tellWaiting(plan.held.reason, plan.held.until - now);
    return plan;
  }

  /** Ended leases alone may wait a little for company, unless somebody may be waiting for them. */
  #reasonToWait({ granted, held }: Plan, applied: readonly Change[], now: number): number {
    if (granted.length > 0 || this.#options.link.shared.limitsChanged) return 0;
    const retryMs = held ? Math.max(1, held.until - now) : IDLE_MS;
    if (applied.length === 0) return retryMs;
    const patienceMs = slotMs(minuteLayout(this.#options.link.shared.limits.layout)) / 4;
    return Math.min(retryMs, this.#options.outbox.patienceMs(patienceMs));
  }

  #stored(plan: Plan, applied: readonly Change[]): number {
    this.#options.outbox.finish(applied);
    for (const { waiter, grant } of plan.granted) this.#options.onGranted(waiter, grant);
    return 0;
  }

  async #notStored(result: SwapResult): Promise<number> {
    if (result.kind === 'conflict') {
      await this.#news.sleep(CONFLICT_WAIT_MS);
      await delay(this.#options.random() * CONFLICT_JITTER_MS);
      return 0;
    }
    await this.#options.link.recover();
    return this.#options.random() * TROUBLE_WAIT_MS;
  }

  async #overcomeTrouble(): Promise<number> {
    this.#tellWaiting('unavailable', undefined);
    await this.#options.link.recover();
    return this.#options.link.trouble() === undefined ? 0 : this.#options.random() * TROUBLE_WAIT_MS;
  }

  #tellWaiting(reason: Parameters<Waiter['waits']>[0], forMs: number | undefined): void {
    for (const waiter of this.#waiting) {
      if (waiter.waits(reason, forMs)) this.#options.observer.waits?.(reason);
    }
  }

  #withLimits(state: LimiterState): LimiterState {
    return this.#options.link.shared.limitsChanged ? { ...state, limits: this.#options.link.shared.limits } : state;
  }
}

function allLeased({ leases, limits }: LimiterState): boolean {
  return Object.keys(leases).length >= (effectiveLimits(limits).maxConcurrent ?? MAX_LEASES);
}
