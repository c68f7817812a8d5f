import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { book } from './book.ts';
import { closedState, decodeState, encodeState, headOf, type LimiterState } from './limiter-state.ts';
import { limitsSchema } from './limits.ts';
import { stop } from './pause.ts';
import { dayLayout, minuteLayout, slotAt } from './window-layout.ts';

const NOW = 1_800_000_000_000;
const LIMITS = limitsSchema.parse({ requestsPerMinute: 50, requestsPerDay: 1000 });

function usedState(): LimiterState {
  let state = closedState(LIMITS, NOW - 90_000, 'g');
  for (let count = 0; count < 20; count++) {
    state = book(
      state,
      { id: `p${count}`, tokens: 10, audioSeconds: 5, callMs: 1000, latestStart: Infinity },
      NOW,
    ).state;
  }
  return state;
}

describe('a stored state', () => {
  test('comes back as it was, and is small', () => {
    const state = usedState();
    expect(decodeState(encodeState(state), NOW)).toEqual({ state });
    expect(encodeState(state).length).toBeLessThan(4000);
  });

  test.each([
    ['nothing', '', 'not JSON'],
    ['garbage', '\u0000\u0001garbage', 'not JSON'],
    ['another type', '[]', 'does not fit'],
    ['an older version', JSON.stringify({ ...usedState(), v: 0 }), 'version 0, not 1'],
    ['a newer version', JSON.stringify({ ...usedState(), v: 2 }), 'version 2, not 1'],
    ['a missing field', JSON.stringify({ ...usedState(), leases: undefined }), 'does not fit'],
    ['a field too many', JSON.stringify({ ...usedState(), extra: 1 }), 'does not fit'],
    [
      'negative bookings',
      JSON.stringify({ ...usedState(), minute: { ...usedState().minute, requests: [-1] } }),
      'does not fit',
    ],
    [
      'too many slots',
      JSON.stringify({
        ...usedState(),
        minute: { ...usedState().minute, tokens: Array.from({ length: 601 }, () => 1) },
      }),
      'does not fit',
    ],
    ['a calendar from the future', encodeState(closedState(LIMITS, NOW + 120_000, 'g')), 'from the future'],
    [
      'a day from the future',
      JSON.stringify({ ...usedState(), day: { ...usedState().day, base: 9_999_999 } }),
      'from the future',
    ],
    [
      'bookings far ahead',
      JSON.stringify({
        ...usedState(),
        minute: { ...usedState().minute, requests: Array.from({ length: 500 }, () => 1) },
      }),
      'from the future',
    ],
    ['a lease without end', JSON.stringify({ ...usedState(), leases: { a: NOW + 1e11 } }), 'from the future'],
    ['a pause without end', JSON.stringify({ ...usedState(), pausedUntil: NOW + 1e11 }), 'from the future'],
  ])('is refused when it is %s', (_what, text, why) => {
    expect(decodeState(text, NOW)).toEqual({ refused: expect.stringContaining(why) });
  });

  const minute = minuteLayout(LIMITS.layout);
  const day = dayLayout(LIMITS.layout);
  const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
  /** The slots of a calendar that begins now and reaches three windows ahead. */
  const reach = 3 * 60;

  test.each<[string, (state: LimiterState, over: boolean) => Partial<LimiterState>]>([
    [
      'the first slot of a minute',
      (state, over) => ({ minute: { ...state.minute, base: slotAt(minute, NOW) + (over ? 1 : 0) } }),
    ],
    ['the first slot of a day', (state, over) => ({ day: { ...state.day, base: slotAt(day, NOW) + (over ? 1 : 0) } })],
    ...(['requests', 'tokens', 'audioSeconds'] as const).map(
      (unit): [string, (state: LimiterState, over: boolean) => Partial<LimiterState>] => [
        `the last ${unit} of a minute`,
        (state, over) => ({
          minute: { ...state.minute, base: slotAt(minute, NOW), [unit]: ones(reach + (over ? 1 : 0)) },
        }),
      ],
    ),
    ...(['requests', 'audioSeconds'] as const).map(
      (unit): [string, (state: LimiterState, over: boolean) => Partial<LimiterState>] => [
        `the last ${unit} of a day`,
        (state, over) => ({ day: { ...state.day, base: slotAt(day, NOW), [unit]: ones(3 * 96 + (over ? 1 : 0)) } }),
      ],
    ),
    ['the end of its closure', (_, over) => ({ closedUntil: NOW + 3 * 61_500 + (over ? 1 : 0) })],
    ['the end of its pause', (_, over) => ({ pausedUntil: NOW + 86_400_000 + (over ? 1 : 0) })],
    ['the end of one lease of two', (_, over) => ({ leases: { a: NOW, b: NOW + 86_400_000 + (over ? 1 : 0) } })],
  ])('may have %s as far ahead as booking goes, and no further', (_what, change) => {
    const state = usedState();
    expect(decodeState(JSON.stringify({ ...state, ...change(state, false) }), NOW)).toHaveProperty('state');
    expect(decodeState(JSON.stringify({ ...state, ...change(state, true) }), NOW)).toEqual({
      refused: 'it is from the future',
    });
  });

  test('holds a thousand leases, and no more', () => {
    const leases = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, NOW]));
    expect(decodeState(JSON.stringify({ ...usedState(), leases: leases(1000) }), NOW)).toHaveProperty('state');
    expect(decodeState(JSON.stringify({ ...usedState(), leases: leases(1001) }), NOW)).toEqual({
      refused: expect.stringContaining('more than 1000 leases'),
    });
  });

  test('changes its head with what concerns everyone at once, and not with a permit', () => {
    const state = usedState();
    const head = headOf(encodeState(state));
    const other = { ...state, leases: {}, minute: { ...state.minute, requests: [9] } };
    expect(headOf(encodeState(other))).toBe(head);
    expect(headOf(encodeState({ ...state, closedUntil: NOW }))).not.toBe(head);
    expect(headOf(encodeState({ ...state, pausedUntil: NOW }))).not.toBe(head);
    expect(headOf(encodeState(stop(state, 'no money', NOW)))).not.toBe(head);
    expect(headOf(encodeState({ ...state, generation: 'h' }))).not.toBe(head);
    expect(headOf('not one of ours')).toBe('not one of ours');
  });

  test('is refused or of use, whatever is in it', () => {
    const fields = Object.keys(usedState());
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const decoded = decodeState(JSON.stringify({ ...usedState(), [field]: value }), NOW);
        if ('refused' in decoded) return;
        const request = { id: 'x', tokens: 1, audioSeconds: 1, callMs: 1000, latestStart: Infinity };
        const { state } = book(decoded.state, request, NOW);
        expect(decodeState(encodeState(state), NOW)).toEqual({ state });
      }),
    );
  });
});

describe('a state that is made anew', () => {
  test('grants nothing until everything the lost one had booked has left the window', () => {
    const state = closedState(LIMITS, NOW, 'g');
    const request = { id: 'x', tokens: 0, audioSeconds: 0, callMs: 1000, latestStart: Infinity };
    expect(book(state, request, NOW + 60_000 + 2999).booking).toMatchObject({ kind: 'wait', reason: 'closed' });
    expect(book(state, request, NOW + 60_000 + 3000).booking.kind).toBe('granted');
  });

  test('keeps what is still known of the day, the leases and a stop', () => {
    const lost = stop(usedState(), 'no money', NOW);
    const state = closedState(LIMITS, NOW, 'h', lost);
    expect(state).toMatchObject({
      generation: 'h',
      day: lost.day,
      leases: lost.leases,
      stopped: { reason: 'no money' },
    });
    expect(state.minute).toMatchObject({ requests: [], tokens: [], audioSeconds: [] });
  });

  test('keeps a pause the provider asked for, for a window at most', () => {
    const paused = (ms: number): LimiterState => ({ ...usedState(), pausedUntil: NOW + ms });
    expect(closedState(LIMITS, NOW, 'h', paused(5000)).pausedUntil).toBe(NOW + 5000);
    expect(closedState(LIMITS, NOW, 'h', paused(3_600_000)).pausedUntil).toBe(NOW + 60_000);
    expect(closedState(LIMITS, NOW, 'h').pausedUntil).toBe(0);
  });

  test('begins its day anew where the day is cut in another way', () => {
    const finer = limitsSchema.parse({ ...LIMITS, layout: { daySlots: 48 } });
    expect(closedState(finer, NOW, 'h', usedState()).day.requests).toEqual([]);
    expect(closedState(LIMITS, NOW, 'h', usedState()).day.requests).not.toEqual([]);
  });

  test('takes nothing from a state that lies in the future', () => {
    const state = closedState(LIMITS, NOW - 2 * 86_400_000, 'h', usedState());
    expect(state.day.requests).toEqual([]);
    expect(state.leases).toEqual({});
  });
});
