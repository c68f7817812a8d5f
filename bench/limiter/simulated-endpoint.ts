import { book, type BookingRequest, type Grant } from '#shared/rate-limit/book';
import { closedState, decodeState, encodeState, type LimiterState } from '#shared/rate-limit/limiter-state';
import { effectiveLimits, type Limits } from '#shared/rate-limit/limits';
import { throttle } from '#shared/rate-limit/pause';
import { bookForeignUse, settle } from '#shared/rate-limit/settle';
import { minuteLayout, slotMs } from '#shared/rate-limit/window-layout';
import { SlidingLog } from '../../test/support/openai-server/sliding-log.ts';

export interface Simulation {
  limits: Limits;
  replicas: number;
  /** Acquires, settlements, 429s and losses of the state, all together. */
  operations: number;
  /** Requests a window, as a multiple of what the limits allow. */
  demand: number;
  /** Largest request. */
  maxTokens: number;
  maxAudioSeconds: number;
  /** Chance that an operation is a 429, a loss of the state, or a word on what is left. */
  disturbance: number;
  random: () => number;
}

export interface SimulationResult {
  grants: number;
  settled: number;
  /** Simulated milliseconds in which permits could be had. */
  openMs: number;
  /** Most in any sliding window over its limit; 0 where there is no limit. Over 1 is a broken promise. */
  worst: { requests: number; tokens: number; audioSeconds: number; dayRequests: number; dayAudioSeconds: number };
  /** Most leases that ran at once over the limit. */
  worstConcurrency: number;
  largestStateBytes: number;
  /** Requests granted, over what the limit would have allowed in `openMs`. */
  use: number;
}

/** A call: what it was granted, when it arrives and is over, and what it turns out to have used. */
interface Call {
  grant: Grant;
  arrivesAt: number;
  endsAt: number;
  usedTokens: number | undefined;
}

/**
 * Many replicas with clocks a little wrong book on one state, with the time made up. Every permit is used at the worst
 * moment its validity allows, flipping at random between early and late; everything that arrives is logged, and the
 * logs are searched for the fullest window of any position.
 */
export function simulate(simulation: Simulation): SimulationResult {
  return new SimulatedEndpoint(simulation).run();
}

class SimulatedEndpoint {
  readonly #simulation: Simulation;
  readonly #limits: Limits;
  readonly #random: () => number;
  readonly #clockErrors: readonly number[];
  readonly #logs = { requests: new SlidingLog(), tokens: new SlidingLog(), audioSeconds: new SlidingLog() };
  readonly #result: SimulationResult;
  #state: LimiterState;
  #waiting: Call[] = [];
  #running: Call[] = [];
  #now = 1_800_000_000_000;
  #late = false;
  #serial = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#limits = effectiveLimits(simulation.limits);
    this.#random = simulation.random;
    const { guardMs } = simulation.limits.layout;
    this.#clockErrors = Array.from({ length: simulation.replicas }, () => ((this.#random() - 0.5) * guardMs) / 4);
    this.#state = closedState(simulation.limits, this.#now, 'g0');
    this.#now = this.#state.closedUntil;
    this.#result = {
      grants: 0,
      settled: 0,
      openMs: 0,
      worst: { requests: 0, tokens: 0, audioSeconds: 0, dayRequests: 0, dayAudioSeconds: 0 },
      worstConcurrency: 0,
      largestStateBytes: 0,
      use: 0,
    };
  }

  run(): SimulationResult {
    const started = this.#now;
    let closedMs = 0;
    for (let operation = 0; operation < this.#simulation.operations; operation++) {
      this.#passTime();
      if (this.#random() < this.#simulation.disturbance) closedMs += this.#disturb();
      else this.#acquire();
      if (this.#random() < 0.01) this.#late = !this.#late;
    }
    this.#result.openMs = Math.max(1, this.#now - started - closedMs);
    return this.#measure();
  }

  /** On to the next request, ending the calls that are over by then. */
  #passTime(): void {
    const { windowMs } = this.#limits.layout;
    const perWindow = this.#simulation.demand * (this.#limits.requestsPerMinute ?? 100);
    this.#now += -Math.log(1 - this.#random()) * (windowMs / perWindow);
    const arrived = this.#waiting.filter(({ arrivesAt }) => arrivesAt <= this.#now);
    this.#waiting = this.#waiting.filter(({ arrivesAt }) => arrivesAt > this.#now);
    for (const call of arrived) this.#arrive(call);
    const over = this.#running.filter(({ endsAt }) => endsAt <= this.#now);
    if (over.length === 0) return;
    this.#running = this.#running.filter(({ endsAt }) => endsAt > this.#now);
    for (const call of over) this.#settle(call);
  }

  #settle({ grant, usedTokens }: Call): void {
    // Some die without a word, and their leases must run out by themselves.
    if (this.#random() < 0.05) return;
    const before = this.#state;
    this.#state = settle(before, grant, usedTokens);
    this.#result.settled++;
    assertSettled(before, this.#state, grant, usedTokens);
  }

  #acquire(): void {
    const { maxTokens, maxAudioSeconds } = this.#simulation;
    const replica = Math.floor(this.#random() * this.#clockErrors.length);
    const clockError = this.#clockErrors[replica] ?? 0;
    const layout = minuteLayout(this.#limits.layout);
    const request: BookingRequest = {
      id: `${replica}-${this.#serial++}`,
      tokens: Math.ceil(this.#random() * maxTokens),
      audioSeconds: Math.ceil(this.#random() * maxAudioSeconds),
      callMs: slotMs(layout) * (0.1 + 8 * this.#random()),
      latestStart: this.#now + clockError + this.#random() * layout.windowMs,
    };
    const before = this.#state;
    const { state, booking } = book(before, request, this.#now + clockError);
    if (booking.kind !== 'granted') return;
    this.#state = this.#throughTheWire(state);
    assertBooked(before, state, booking.grant);
    this.#use(booking.grant, request, clockError);
  }

  #use(grant: Grant, request: BookingRequest, clockError: number): void {
    const { guardMs } = this.#limits.layout;
    const earliest = Math.max(this.#now, grant.startsAt - clockError);
    const latest = Math.max(this.#now, grant.usableUntil - clockError + guardMs / 4);
    const arrivesAt = this.#late ? latest : earliest;
    const usedTokens = this.#random() < 0.5 ? undefined : Math.floor(grant.tokens * this.#random());
    this.#waiting.push({ grant, usedTokens, arrivesAt, endsAt: arrivesAt + request.callMs * this.#random() });
    this.#result.grants++;
  }

  #arrive(call: Call): void {
    const { grant, usedTokens, arrivesAt } = call;
    this.#logs.requests.add(arrivesAt, 1);
    // Where tokens are given back, the provider is one that charges what was used.
    this.#logs.tokens.add(arrivesAt, this.#limits.refundTokens ? (usedTokens ?? grant.tokens) : grant.tokens);
    this.#logs.audioSeconds.add(arrivesAt, grant.audioSeconds);
    this.#running.push(call);
    const atOnce = this.#running.length / (this.#limits.maxConcurrent ?? Infinity);
    this.#result.worstConcurrency = Math.max(this.#result.worstConcurrency, atOnce);
  }

  /** @returns for how many milliseconds nothing can be had because of it. */
  #disturb(): number {
    const kind = this.#random();
    const clockError = this.#clockErrors[0] ?? 0;
    if (kind < 0.2) {
      // Whoever holds a permit of the lost state drops it, so nothing of it arrives after this moment.
      this.#waiting = [];
      this.#state = closedState(this.#simulation.limits, this.#now + clockError, `g${this.#serial++}`, this.#state);
      return this.#state.closedUntil - this.#now;
    }
    const running = this.#running[0];
    if (kind < 0.6 && running) {
      const remaining = { requests: Math.floor(this.#random() * (this.#limits.requestsPerMinute ?? 0)) };
      this.#state = bookForeignUse(this.#state, running.grant, remaining, this.#now + clockError);
      return 0;
    }
    const retryAfterMs = this.#random() * this.#limits.layout.windowMs;
    this.#state = throttle(this.#state, { retryAfterMs, overLimit: true, sentAt: this.#now }, this.#now);
    return 0;
  }

  /** As it comes out of the bucket: what is lost on the way would show. */
  #throughTheWire(state: LimiterState): LimiterState {
    const text = encodeState(state);
    this.#result.largestStateBytes = Math.max(this.#result.largestStateBytes, text.length);
    if (this.#serial % 64 !== 0) return state;
    const decoded = decodeState(text, this.#now);
    if ('refused' in decoded) throw new Error(`A state this code wrote is refused: ${decoded.refused}`);
    return decoded.state;
  }

  #measure(): SimulationResult {
    const { layout, ...limits } = this.#limits;
    const share = (log: SlidingLog, windowMs: number, limit: number | undefined): number =>
      limit === undefined ? 0 : log.mostInAnyWindow(windowMs) / limit;
    this.#result.worst = {
      requests: share(this.#logs.requests, layout.windowMs, limits.requestsPerMinute),
      tokens: share(this.#logs.tokens, layout.windowMs, limits.tokensPerMinute),
      audioSeconds: share(this.#logs.audioSeconds, layout.windowMs, limits.audioSecondsPerMinute),
      dayRequests: share(this.#logs.requests, layout.dayMs, limits.requestsPerDay),
      dayAudioSeconds: share(this.#logs.audioSeconds, layout.dayMs, limits.audioSecondsPerDay),
    };
    this.#result.use =
      this.#result.grants / ((this.#result.openMs / layout.windowMs) * (limits.requestsPerMinute ?? Infinity));
    return this.#result;
  }
}

/** A grant shows up in the calendar, whole, and takes nothing away from others. */
function assertBooked(before: LimiterState, after: LimiterState, grant: Grant): void {
  const at = (state: LimiterState, unit: 'requests' | 'tokens' | 'audioSeconds'): number =>
    state.minute[unit][grant.slot - state.minute.base] ?? 0;
  const booked =
    at(after, 'requests') === at(before, 'requests') + 1 &&
    at(after, 'tokens') === at(before, 'tokens') + grant.tokens &&
    at(after, 'audioSeconds') === at(before, 'audioSeconds') + grant.audioSeconds;
  if (!booked || !(grant.id in after.leases)) throw new Error(`Permit ${grant.id} was granted and not booked.`);
}

/** A settlement never gives back a request, never more tokens than were reserved, and never goes below zero. */
function assertSettled(before: LimiterState, after: LimiterState, grant: Grant, used: number | undefined): void {
  const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
  const back = total(before.minute.tokens) - total(after.minute.tokens);
  const most = used === undefined || !before.limits.refundTokens ? 0 : Math.max(0, grant.tokens - Math.ceil(used));
  const requests = total(before.minute.requests) - total(after.minute.requests);
  const negative = after.minute.tokens.some((amount) => amount < 0);
  if (back > most || requests !== 0 || negative || grant.id in after.leases) {
    throw new Error(
      `Settling ${grant.id} gave back ${back} tokens and ${requests} requests; at most ${most} and 0 are due.`,
    );
  }
}
