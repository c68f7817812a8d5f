import { describe, expect, test } from '@jest/globals';
import { add, type Calendar, emptyCalendar } from './calendar.ts';
import { type Amounts, slotFits } from './find-slot.ts';
import { closedState, type LimiterState } from './limiter-state.ts';
import { type LimitsInput, limitsSchema } from './limits.ts';
import { minuteLayout, slotAt } from './window-layout.ts';

const NOW = 1_800_000_000_000;
const NOTHING: Amounts = { tokens: 0, audioSeconds: 0 };
const limits = (input: LimitsInput) => limitsSchema.parse(input);
/** 60 to a window, of which 61 in a row hold the limit. */
const LAYOUT = minuteLayout(limits({}).layout);
const SLOT = slotAt(LAYOUT, NOW) + 1;

/** A state in which one slot has been booked. */
function bookedAt(unit: 'requests' | 'tokens', amount: number, input: LimitsInput, slot = SLOT): LimiterState {
  const state = closedState(limits(input), NOW, 'g');
  const calendar: Calendar = add(emptyCalendar(LAYOUT, slotAt(LAYOUT, NOW)), slot, amount);
  return { ...state, minute: { ...state.minute, [unit]: calendar.amounts } };
}

/** Which of the slots around the booked one, by their distance to it, take a request. */
function room(state: LimiterState, from: number, to: number, amounts = NOTHING): number[] {
  const distances = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return distances.filter((distance) => slotFits(state, state.limits, amounts, SLOT + distance, NOW));
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a slot takes a request', () => {
  test('where no window that holds it is full: none of the sixty before a full one, and none of the sixty after it', () => {
    const full = bookedAt('requests', 61, { requestsPerMinute: 61 });
    expect(room(full, -61, 61)).toEqual([-61, 61]);
    const almost = bookedAt('requests', 60, { requestsPerMinute: 61 });
    expect(room(almost, -61, 61)).toEqual(range(-61, 61).filter((distance) => distance !== 0));
  });

  test('with less than one a slot: in its turn, or when as long as a turn nobody came', () => {
    const requestsPerMinute = 3;
    const rate = requestsPerMinute / 61;
    const inTurn = (slot: number): boolean => Math.floor((slot + 1) * rate) > Math.floor(slot * rate);
    const once = bookedAt('requests', 1, { requestsPerMinute });
    const turns = range(1, 20).filter((distance) => inTurn(SLOT + distance));
    expect(room(once, 0, 24)).toEqual([...turns, 21, 22, 23, 24]);
    expect(turns.length).toBeLessThan(2);
  });

  test('with several a slot: as many as its share', () => {
    const requestsPerMinute = 122;
    expect(room(bookedAt('requests', 1, { requestsPerMinute }), 0, 0)).toEqual([0]);
    expect(room(bookedAt('requests', 2, { requestsPerMinute }), 0, 1)).toEqual([1]);
  });

  test('while four slots, and twenty, have not had their share of tokens', () => {
    const some = { tokens: 1, audioSeconds: 0 };
    const tokensPerMinute = 6100;
    expect(room(bookedAt('tokens', 399, { tokensPerMinute }), 0, 5, some)).toEqual(range(0, 5));
    expect(room(bookedAt('tokens', 400, { tokensPerMinute }), 0, 5, some)).toEqual([4, 5]);
    expect(room(bookedAt('tokens', 1999, { tokensPerMinute }), 4, 21, some)).toEqual(range(4, 21));
    expect(room(bookedAt('tokens', 2000, { tokensPerMinute }), 4, 21, some)).toEqual([20, 21]);
  });

  test('whose tokens every window that holds it has room for', () => {
    const tokensPerMinute = 6100;
    const state = bookedAt('tokens', 300, { tokensPerMinute });
    expect(room(state, -61, 61, { tokens: 5800, audioSeconds: 0 })).toEqual(range(-61, 61));
    expect(room(state, -61, 61, { tokens: 5801, audioSeconds: 0 })).toEqual([-61, 61]);
  });

  test('that costs no tokens, however many others have used', () => {
    expect(room(bookedAt('tokens', 6100, { tokensPerMinute: 6100 }), 0, 3)).toEqual([0, 1, 2, 3]);
  });
});
