import { describe, expect, test } from '@jest/globals';
import { book, type Grant } from './book.ts';
import { closedState, type LimiterState } from './limiter-state.ts';
import { limitsSchema } from './limits.ts';
import { bookForeignUse, settle } from './settle.ts';

const LIMITS = { requestsPerMinute: 100, tokensPerMinute: 10_000 };

function granted(refundTokens = false): { state: LimiterState; grant: Grant; now: number } {
  const closed = closedState(limitsSchema.parse({ ...LIMITS, refundTokens }), 1_800_000_000_000, 'g');
  const now = closed.closedUntil;
  const request = { id: 'lease', tokens: 500, audioSeconds: 0, callMs: 1000, latestStart: Infinity };
  const { state, booking } = book(closed, request, now);
  if (booking.kind !== 'granted') throw new Error('An empty calendar must grant.');
  return { state, grant: booking.grant, now };
}

function tokens(state: LimiterState): number {
  return state.minute.tokens.reduce((sum, amount) => sum + amount, 0);
}

function requests(state: LimiterState): number {
  return state.minute.requests.reduce((sum, amount) => sum + amount, 0);
}

describe('settling', () => {
  test('ends the lease and keeps the request booked', () => {
    const { state, grant } = granted();
    const settled = settle(state, grant, undefined);
    expect(settled.leases).toEqual({});
    expect(settled.minute).toEqual(state.minute);
  });

  test('adds what was used beyond the reservation', () => {
    const { state, grant } = granted();
    expect(tokens(settle(state, grant, 620.5))).toBe(621);
  });

  test('gives back what was not used, only where the provider charges usage', () => {
    const strict = granted(false);
    expect(tokens(settle(strict.state, strict.grant, 100))).toBe(500);
    const kind = granted(true);
    expect(tokens(settle(kind.state, kind.grant, 100))).toBe(100);
  });

  test('changes nothing the second time', () => {
    const { state, grant } = granted(true);
    const once = settle(state, grant, 100);
    expect(settle(once, grant, 0)).toBe(once);
  });

  test('in another generation ends the lease, and leaves the calendar alone', () => {
    const { state, grant } = granted(true);
    const rebuilt = { ...closedState(state.limits, state.closedUntil, 'h', state), minute: state.minute };
    expect(rebuilt.leases).toHaveProperty('lease');
    expect(settle(rebuilt, grant, 5000)).toEqual({ ...rebuilt, leases: {} });
  });
});

describe('what others use of the account', () => {
  test('is booked where the provider says less is left', () => {
    const { state, grant, now } = granted();
    const lower = bookForeignUse(state, grant, { requests: 60, tokens: 2500 }, now);
    expect(requests(lower)).toBe(40);
    expect(tokens(lower)).toBe(7500);
    expect(bookForeignUse(lower, grant, { requests: 60, tokens: 2500 }, now)).toBe(lower);
  });

  test('is booked for the one of requests and tokens of which the provider speaks, and changed', () => {
    const { state, grant, now } = granted();
    const fewer = bookForeignUse(state, grant, { requests: 60, tokens: 9500 }, now);
    expect(requests(fewer)).toBe(40);
    expect(fewer.minute.tokens).toEqual(state.minute.tokens);
    const short = bookForeignUse(state, grant, { tokens: 0 }, now);
    expect(tokens(short)).toBe(10_000);
    expect(short.minute.requests).toEqual(state.minute.requests);
  });

  test('is unknown where the provider says nonsense, or speaks of what has no limit here', () => {
    const { state, grant, now } = granted();
    expect(bookForeignUse(state, grant, { requests: -1, tokens: -1 }, now)).toBe(state);
    const unlimited: LimiterState = { ...state, limits: { ...state.limits, tokensPerMinute: undefined } };
    expect(bookForeignUse(unlimited, grant, { tokens: 0 }, now)).toBe(unlimited);
  });

  test('is not learnt from an answer to a call of another generation', () => {
    const { state, grant, now } = granted();
    expect(bookForeignUse(state, { ...grant, generation: 'older' }, { requests: 0, tokens: 0 }, now)).toBe(state);
  });

  test('is never less than was booked here', () => {
    const { state, grant, now } = granted();
    expect(bookForeignUse(state, grant, { requests: 100, tokens: 10_000 }, now)).toBe(state);
    expect(bookForeignUse(state, grant, {}, now)).toBe(state);
  });

  test('is of no interest in conservative mode', () => {
    const { state, grant, now } = granted();
    const conservative: LimiterState = { ...state, limits: { ...state.limits, mode: 'conservative' } };
    expect(bookForeignUse(conservative, grant, { requests: 0 }, now)).toBe(conservative);
  });
});
