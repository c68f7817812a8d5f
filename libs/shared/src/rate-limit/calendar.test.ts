import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { add, type Calendar, emptyCalendar, firstBookable, peakAround, roll, sum } from './calendar.ts';
import type { WindowLayout } from './window-layout.ts';

const BASE = 100;
const SLOTS = 5;
const LAYOUT: WindowLayout = { windowMs: 1000, guardMs: 10, slots: SLOTS };

const calendars = fc.array(fc.nat({ max: 9 }), { maxLength: 14 }).map((amounts): Calendar => ({ base: BASE, amounts }));
/** Before the calendar, in it, and beyond it. */
const slots = fc.integer({ min: BASE - 12, max: BASE + 26 });

const booked = ({ base, amounts }: Calendar, slot: number): number => amounts[slot - base] ?? 0;

/** What `sum` is, said as plainly as it can be. */
function total(calendar: Calendar, first: number, last: number): number {
  let found = 0;
  for (let slot = first; slot <= last; slot++) found += booked(calendar, slot);
  return found;
}

describe('what is booked', () => {
  test('in a row of slots is their sum, wherever the row begins and ends', () => {
    fc.assert(
      fc.property(calendars, slots, slots, (calendar, first, last) => {
        expect(sum(calendar, first, last)).toBe(total(calendar, first, last));
      }),
    );
  });

  test('around a slot is the most of all windows that hold the slot, those that end later too', () => {
    fc.assert(
      fc.property(calendars, fc.integer({ min: BASE + SLOTS, max: BASE + 26 }), (calendar, slot) => {
        const ends = Array.from({ length: SLOTS + 1 }, (_, later) => slot + later);
        const windows = ends.map((end) => total(calendar, end - SLOTS, end));
        expect(peakAround(calendar, LAYOUT, slot)).toBe(Math.max(...windows));
      }),
    );
  });

  test('grows by what is added, in that slot alone, and nothing is kept for empty slots at the end', () => {
    fc.assert(
      fc.property(calendars, slots, fc.integer({ min: -12, max: 12 }), (calendar, slot, amount) => {
        const before = [...calendar.amounts];
        const after = add(calendar, slot, amount);
        for (let other = BASE; other < BASE + 30; other++) {
          const change = other === slot ? amount : 0;
          expect(booked(after, other)).toBe(Math.max(0, booked(calendar, other) + change));
        }
        if (after !== calendar) expect(after.amounts.at(-1)).not.toBe(0);
        expect(calendar.amounts).toEqual(before);
      }),
    );
  });
});

describe('a slot', () => {
  test('that is refunded more than it holds is empty, and takes nothing from the others', () => {
    const calendar = { base: 10, amounts: [5, 3] };
    expect(sum(add(calendar, 10, -7), 10, 11)).toBe(3);
    expect(add(calendar, 11, -7)).toEqual({ base: 10, amounts: [5] });
  });

  test('that is forgotten stays forgotten', () => {
    const calendar = { base: 10, amounts: [5] };
    expect(add(calendar, 9, 4)).toBe(calendar);
    expect(roll(calendar, LAYOUT, 3)).toBe(calendar);
  });

  test('is forgotten when no window reaches it, four slots later than the clock that rolls would have it', () => {
    fc.assert(
      fc.property(calendars, fc.nat({ max: 40 }), (calendar, ahead) => {
        const now = BASE + SLOTS + 4 + ahead;
        const rolled = roll(calendar, LAYOUT, now);
        expect(firstBookable(rolled, LAYOUT)).toBe(now - 4);
        for (let slot = rolled.base; slot < now + 20; slot++) expect(booked(rolled, slot)).toBe(booked(calendar, slot));
        expect(rolled.amounts.length).toBe(Math.max(0, calendar.amounts.length - ahead));
      }),
    );
  });

  test('of a new calendar is empty, and the present one can be booked', () => {
    expect(emptyCalendar(LAYOUT, BASE)).toEqual({ base: BASE - SLOTS - 4, amounts: [] });
  });
});
