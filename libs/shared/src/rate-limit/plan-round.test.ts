import { describe, expect, test } from '@jest/globals';
import { closedState, type LimiterState } from './limiter-state.ts';
import { type LimitsInput, limitsSchema } from './limits.ts';
import { type Plan, planRound } from './plan-round.ts';
import type { Waiter } from './waiter.ts';

/** A slot is 1,025 ms with the default layout. */
const SLOT_MS = 61_500 / 60;
const MONOTONIC = 5000;
let serial = 0;

function openState(limits: LimitsInput): { state: LimiterState; now: number } {
  const state = closedState(limitsSchema.parse(limits), 1_800_000_000_000, 'g');
  return { state, now: Math.ceil(state.closedUntil / SLOT_MS) * SLOT_MS };
}

/** @param withinMs how long from now it is of use. */
const waiter = (tokens: number, withinMs = 60_000): Waiter =>
  ({ amounts: { tokens, audioSeconds: 0 }, callMs: 1000, deadline: MONOTONIC + withinMs }) as never;

function plan(limits: LimitsInput, waiting: readonly Waiter[], room = 100): Plan & { before: LimiterState } {
  const { state, now } = openState(limits);
  const name = (): string => `lease-${serial++}`;
  return { before: state, ...planRound(state, waiting, room, name, { now, monotonic: MONOTONIC }) };
}

describe('a round', () => {
  test('grants the waiting in their order, each a lease of its own, and enters all of them', () => {
    const waiting = [waiter(10), waiter(20), waiter(30)];
    const { state, granted, refused, held } = plan({ tokensPerMinute: 1000 }, waiting);
    expect(granted.map(({ waiter: one }) => one)).toEqual(waiting);
    expect(granted.map(({ grant }) => grant.tokens)).toEqual([10, 20, 30]);
    expect(Object.keys(state.leases)).toEqual(granted.map(({ grant }) => grant.id));
    expect(state.minute.tokens.reduce((total, tokens) => total + tokens, 0)).toBe(60);
    expect([refused, held]).toEqual([[], undefined]);
  });

  test('lets nobody overtake the first who has to wait, however small', () => {
    const [first, large, small] = [waiter(600), waiter(600), waiter(1)];
    const { granted, held } = plan({ tokensPerMinute: 1000 }, [first, large, small]);
    expect(granted.map(({ waiter: one }) => one)).toEqual([first]);
    expect(held).toMatchObject({ kind: 'wait', reason: 'rate' });
  });

  test('goes on behind one who can never be served, who is told why', () => {
    const [never, next] = [waiter(1001), waiter(1)];
    const { granted, refused, held } = plan({ tokensPerMinute: 1000 }, [never, next]);
    expect(refused).toEqual([{ waiter: never, booking: expect.objectContaining({ kind: 'too-large', asked: 1001 }) }]);
    expect(granted.map(({ waiter: one }) => one)).toEqual([next]);
    expect(held).toBeUndefined();
  });

  test('grants no more than there is room for, and says of nobody that they have to wait', () => {
    const { state, granted, held, before } = plan({ requestsPerMinute: 600 }, [waiter(0), waiter(0), waiter(0)], 2);
    expect(granted).toHaveLength(2);
    expect(held).toBeUndefined();
    expect(plan({ requestsPerMinute: 600 }, [waiter(0)], 0).granted).toEqual([]);
    expect(Object.keys(before.leases)).toHaveLength(0);
    expect(Object.keys(state.leases)).toHaveLength(2);
  });

  test('books no slot that begins after the deadline, which is by the monotonic clock', () => {
    const waiting = Array.from({ length: 20 }, () => waiter(0, 5 * SLOT_MS + 1));
    const { granted, held } = plan({ requestsPerMinute: 61 }, waiting);
    expect(granted).toHaveLength(6);
    expect(held).toMatchObject({ kind: 'wait', reason: 'rate' });
  });
});
