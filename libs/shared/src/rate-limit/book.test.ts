import { describe, expect, test } from '@jest/globals';
import { book, type Booking, type BookingRequest } from './book.ts';
import { closedState, type LimiterState } from './limiter-state.ts';
import { type LimitsInput, limitsSchema } from './limits.ts';
import { resumed, stop, throttle } from './pause.ts';

/** A slot is 1,025 ms with the default layout. */
const SLOT_MS = 61_500 / 60;

let serial = 0;

function openState(limits: LimitsInput): { state: LimiterState; now: number } {
  const state = closedState(limitsSchema.parse(limits), 1_800_000_000_000, 'g');
  return { state, now: Math.ceil(state.closedUntil / SLOT_MS) * SLOT_MS };
}

function ask(request: Partial<BookingRequest> = {}): BookingRequest {
  return { id: `p${serial++}`, tokens: 0, audioSeconds: 0, callMs: 60_000, latestStart: Infinity, ...request };
}

/** Books until the first that isn't granted. */
function bookAll(
  start: LimiterState,
  now: number,
  request: Partial<BookingRequest> = {},
): { state: LimiterState; slots: number[]; last: Booking } {
  const slots: number[] = [];
  for (let state = start; ;) {
    const step = book(state, ask(request), now);
    if (step.booking.kind !== 'granted') return { state, slots, last: step.booking };
    state = step.state;
    slots.push(step.booking.grant.slot);
  }
}

describe('booking', () => {
  test('an idle endpoint grants at once, however small its limit', () => {
    const { state, now } = openState({ requestsPerMinute: 3 });
    const { booking } = book(state, ask(), now + 300);
    expect(booking).toMatchObject({ kind: 'granted', grant: { startsAt: expect.closeTo(now, 3) } });
  });

  test('spreads what is asked for at once over the window, and books no further', () => {
    const { state, now } = openState({ requestsPerMinute: 61 });
    const { slots, last } = bookAll(state, now);
    expect(slots).toEqual(Array.from({ length: 61 }, (_, index) => (slots[0] ?? 0) + index));
    expect(last).toEqual({ kind: 'wait', reason: 'rate', until: expect.closeTo(now + SLOT_MS, 3) });
  });

  test('a permit lasts until half the guard after its slot, its lease for the call on top', () => {
    const { state, now } = openState({ requestsPerMinute: 600 });
    const { booking } = book(state, ask({ callMs: 30_000 }), now);
    expect(booking).toMatchObject({
      grant: {
        usableUntil: expect.closeTo(now + SLOT_MS + 750, 3),
        leaseUntil: expect.closeTo(now + SLOT_MS + 1500 + 30_000, 3),
      },
    });
  });

  test('every limit holds by itself', () => {
    const tokens = openState({ tokensPerMinute: 1000 });
    expect(bookAll(tokens.state, tokens.now, { tokens: 300 }).slots).toHaveLength(3);
    const audio = openState({ audioSecondsPerMinute: 1000 });
    expect(bookAll(audio.state, audio.now, { audioSeconds: 500.2 }).slots).toHaveLength(1);
    const atOnce = openState({ maxConcurrent: 4 });
    expect(bookAll(atOnce.state, atOnce.now).slots).toHaveLength(4);
  });

  test('with all leases out, the wait is for the first to run out', () => {
    const { state, now } = openState({ maxConcurrent: 2 });
    const { last } = bookAll(state, now, { callMs: 5000 });
    expect(last).toEqual({
      kind: 'wait',
      reason: 'concurrency',
      until: expect.closeTo(now + SLOT_MS + 1500 + 5000, 3),
    });
  });

  test('the lease that runs out first is waited for, whoever has it, and its place is free that very moment', () => {
    const { state, now } = openState({ maxConcurrent: 2 });
    const long = book(state, ask({ callMs: 9000 }), now).state;
    const { state: full, last } = bookAll(long, now, { callMs: 5000 });
    const until = last.kind === 'wait' ? last.until : 0;
    expect(until).toBeCloseTo(now + SLOT_MS + 1500 + 5000, 3);
    expect(book(full, ask(), until - 1).booking).toMatchObject({ kind: 'wait', reason: 'concurrency' });
    expect(book(full, ask(), until).booking.kind).toBe('granted');
  });

  test('tokens are spread too: four slots in a row are overdrawn by one request at most', () => {
    const { state, now } = openState({ tokensPerMinute: 6100 });
    const { slots } = bookAll(state, now, { tokens: 100 });
    expect(slots.length).toBeGreaterThan(40);
    const inFour = slots.map((slot) => slots.filter((other) => other >= slot && other < slot + 4).length);
    expect(Math.max(...inFour)).toBeLessThanOrEqual(5);
  });

  test('a used-up day is waited for, and its requests come back a day later', () => {
    const { state, now } = openState({ requestsPerDay: 10 });
    const used = bookAll(state, now);
    expect(used.slots).toHaveLength(10);
    expect(used.last).toMatchObject({ kind: 'wait', reason: 'day' });
    const until = used.last.kind === 'wait' ? used.last.until : 0;
    const dayMs = 24 * 3_600_000;
    expect(until).toBeGreaterThan(now + dayMs - 61_500);
    expect(until).toBeLessThan(now + dayMs + 2 * (dayMs / 96));
    expect(book(used.state, ask(), until - 2 * SLOT_MS).booking.kind).toBe('wait');
    expect(book(used.state, ask(), until + SLOT_MS).booking.kind).toBe('granted');
  });

  test('the conservative mode keeps to 80 % of everything', () => {
    const { state, now } = openState({ requestsPerMinute: 50, maxConcurrent: 1000, mode: 'conservative' });
    expect(bookAll(state, now).slots).toHaveLength(40);
  });

  test('a request that is larger than a limit is refused for good', () => {
    const { state, now } = openState({ tokensPerMinute: 1000, audioSecondsPerDay: 600 });
    expect(book(state, ask({ tokens: 1000 }), now).booking.kind).toBe('granted');
    expect(book(state, ask({ tokens: 1001 }), now).booking).toEqual({
      kind: 'too-large',
      limit: 'tokensPerMinute',
      allowed: 1000,
      asked: 1001,
    });
    expect(book(state, ask({ audioSeconds: 601 }), now).booking).toMatchObject({
      kind: 'too-large',
      limit: 'audioSecondsPerDay',
    });
  });

  test('nothing is granted while it is closed, paused or stopped', () => {
    const { state, now } = openState({ requestsPerMinute: 50 });
    expect(book(state, ask(), state.closedUntil - 1).booking).toMatchObject({ kind: 'wait', reason: 'closed' });
    const paused = throttle(state, { retryAfterMs: 5000, overLimit: false, sentAt: now }, now);
    expect(book(paused, ask(), now + 4999).booking).toEqual({ kind: 'wait', reason: 'paused', until: now + 5000 });
    expect(book(paused, ask(), now + 5000).booking.kind).toBe('granted');
    expect(book(stop(state, 'no money', now), ask(), now).booking).toEqual({ kind: 'stopped', reason: 'no money' });
    const byHand = { ...state, limits: { ...state.limits, paused: 'maintenance' } };
    expect(book(byHand, ask(), now).booking).toEqual({ kind: 'stopped', reason: 'maintenance' });
  });

  test('a slot that starts after the deadline is of no use', () => {
    const { state, now } = openState({ requestsPerMinute: 61 });
    const { slots } = bookAll(state, now, { latestStart: now + 5 * SLOT_MS + 1 });
    expect(slots).toHaveLength(6);
  });

  test('a replica whose clock is behind books nothing whose window is forgotten', () => {
    const { state, now } = openState({ requestsPerMinute: 61 });
    const rolled = book(state, ask(), now + 100 * SLOT_MS).state;
    const { booking } = book(rolled, ask(), now + 80 * SLOT_MS);
    expect(booking).toMatchObject({ kind: 'granted', grant: { slot: rolled.minute.base + 60 } });
  });

  test('a limit that is set later finds what was used before', () => {
    const { state, now } = openState({ requestsPerMinute: 600 });
    let used = state;
    for (let count = 0; count < 30; count++) used = book(used, ask({ tokens: 100 }), now).state;
    const limited = { ...used, limits: limitsSchema.parse({ requestsPerMinute: 600, tokensPerMinute: 3100 }) };
    const { slots } = bookAll(limited, now + 10 * SLOT_MS, { tokens: 100 });
    const ownWindow = Math.floor(now / SLOT_MS) + 61;
    expect(slots.filter((slot) => slot < ownWindow)).toHaveLength(1);
  });
});

describe('after a 429', () => {
  test('everyone is a tenth slower, and a twentieth faster with every window that goes well', () => {
    const { state, now } = openState({ requestsPerMinute: 610 });
    const perSlot = (at: LimiterState, time: number): number => {
      const { slots } = bookAll(at, time);
      return slots.length / 61;
    };
    const cut = throttle(state, { retryAfterMs: 0, overLimit: true, sentAt: now }, now);
    expect(perSlot(cut, now + 1)).toBeCloseTo(9, 1);
    expect(perSlot(cut, now + 60_001)).toBeCloseTo(9.5, 1);
    expect(perSlot(cut, now + 120_001)).toBeCloseTo(10, 1);
    expect(perSlot(cut, now + 600_001)).toBeCloseTo(10, 1);
  });

  test('one cut answers for all that were sent before it', () => {
    const { state, now } = openState({ requestsPerMinute: 610 });
    const once = throttle(state, { retryAfterMs: 0, overLimit: true, sentAt: now - 50 }, now);
    const again = throttle(once, { retryAfterMs: 0, overLimit: true, sentAt: now - 40 }, now + 10);
    expect(again.factor).toBe(0.9);
    expect(throttle(again, { retryAfterMs: 0, overLimit: true, sentAt: now + 20 }, now + 30).factor).toBeCloseTo(0.81);
  });

  test('the next cut is for what was sent after the last one, and not at its very moment', () => {
    const { state, now } = openState({ requestsPerMinute: 610 });
    const at = (sentAt: number) => throttle(cut, { retryAfterMs: 0, overLimit: true, sentAt }, now + 10).factor;
    const cut = throttle(state, { retryAfterMs: 0, overLimit: true, sentAt: now - 50 }, now);
    expect(at(now)).toBe(0.9);
    expect(at(now + 1)).toBeCloseTo(0.81);
    // Nobody has been slowed down yet: the first answers for itself, whenever it was sent.
    expect(throttle(state, { overLimit: true, sentAt: state.factorAt - 1 }, now).factor).toBe(0.9);
  });

  test('an operator takes back a stop and a pause, and nothing else', () => {
    const { state, now } = openState({ requestsPerMinute: 610 });
    const slowed = throttle(stop(state, 'no money', now), { retryAfterMs: 9000, overLimit: true, sentAt: now }, now);
    expect(resumed(slowed)).toEqual({ ...slowed, stopped: null, pausedUntil: 0 });
    expect(book(resumed(slowed), ask(), now).booking.kind).toBe('granted');
  });

  test('a 503 pauses and slows nobody down, and the conservative mode never slows down', () => {
    const { state, now } = openState({ requestsPerMinute: 610 });
    expect(throttle(state, { retryAfterMs: 10, overLimit: false, sentAt: now }, now)).toMatchObject({
      factor: 1,
      pausedUntil: now + 10,
    });
    const conservative = openState({ requestsPerMinute: 610, mode: 'conservative' });
    expect(throttle(conservative.state, { overLimit: true, sentAt: now }, now).factor).toBe(1);
  });

  test('the longest pause wins, and none lasts longer than an hour', () => {
    const { state, now } = openState({ requestsPerMinute: 610 });
    const long = throttle(state, { retryAfterMs: 9000, overLimit: false, sentAt: now }, now);
    expect(throttle(long, { retryAfterMs: 10, overLimit: false, sentAt: now }, now).pausedUntil).toBe(now + 9000);
    expect(throttle(state, { retryAfterMs: 1e12, overLimit: false, sentAt: now }, now).pausedUntil).toBe(
      now + 3_600_000,
    );
  });
});
