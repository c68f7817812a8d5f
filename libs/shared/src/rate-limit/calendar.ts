import { type WindowLayout } from './window-layout.ts';

/**
 * What is booked in each slot of a window, from slot `base` on: `amounts[i]` belongs to slot `base + i`, and nothing is
 * booked beyond the array. Slots before `base` are forgotten, so nothing may be booked before `base + slots`, where a
 * window could still reach back to them.
 */
export interface Calendar {
  base: number;
  amounts: readonly number[];
}

/** Slots kept longer than the window needs, for replicas whose clock is a little behind the one that rolled. */
const SPARE_SLOTS = 4;

export function emptyCalendar(layout: WindowLayout, slot: number): Calendar {
  return { base: slot - layout.slots - SPARE_SLOTS, amounts: [] };
}

/** Forgets the slots that no window from `slot` on can reach. Never goes back. */
export function roll(calendar: Calendar, layout: WindowLayout, slot: number): Calendar {
  const base = Math.max(calendar.base, slot - layout.slots - SPARE_SLOTS);
  if (base === calendar.base) return calendar;
  return { base, amounts: calendar.amounts.slice(base - calendar.base) };
}

/** The earliest slot whose windows are all still known. */
export function firstBookable(calendar: Calendar, layout: WindowLayout): number {
  return calendar.base + layout.slots;
}

/** Adds to a slot, which never falls below zero. A forgotten slot stays forgotten. */
export function add(calendar: Calendar, slot: number, amount: number): Calendar {
  const index = slot - calendar.base;
  if (index < 0 || amount === 0) return calendar;
  const amounts = calendar.amounts.slice();
  while (amounts.length <= index) amounts.push(0);
  amounts[index] = Math.max(0, (amounts[index] ?? 0) + amount);
  while (amounts.length > 0 && amounts.at(-1) === 0) amounts.pop();
  return { base: calendar.base, amounts };
}

/** Booked in the slots `first` to `last`, both included. */
export function sum(calendar: Calendar, first: number, last: number): number {
  const { base, amounts } = calendar;
  let total = 0;
  const end = Math.min(last - base, amounts.length - 1);
  for (let index = Math.max(0, first - base); index <= end; index++) total += amounts[index] ?? 0;
  return total;
}

/** The most booked in any row of slots + 1 slots that holds `slot`: what can meet in one window of the provider. */
export function peakAround(calendar: Calendar, layout: WindowLayout, slot: number): number {
  const { base, amounts } = calendar;
  let total = sum(calendar, slot - layout.slots, slot);
  let peak = total;
  for (let next = slot + 1; next <= slot + layout.slots && next - base < amounts.length; next++) {
    total += (amounts[next - base] ?? 0) - (amounts[next - 1 - layout.slots - base] ?? 0);
    peak = Math.max(peak, total);
  }
  return peak;
}
