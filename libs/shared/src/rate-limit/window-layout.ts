import { z } from 'zod';
import { DAY, MINUTE } from '#shared/config/defaults';

/**
 * How a sliding window is cut into slots. A slot is (windowMs + guardMs) / slots long, and K + 1 = slots + 1 slots in a
 * row cover everything that can arrive within any windowMs, as long as nothing arrives later than guardMs after its
 * slot's end. That is the whole proof; `docs/rate-limiting.md` has it in full.
 */
export interface WindowLayout {
  /** Length of the provider's window, in milliseconds. */
  windowMs: number;
  /** What clock error and the way to the provider may add up to, in milliseconds. */
  guardMs: number;
  /** Slots a window is cut into (K). More of them use the limit better and make the state bigger. */
  slots: number;
}

/** The layouts of an endpoint's two windows, as stored. */
export const layoutSchema = z.strictObject({
  windowMs: z
    .number()
    .min(100)
    .max(60 * MINUTE)
    .default(MINUTE),
  guardMs: z
    .number()
    .min(1)
    .max(10 * MINUTE)
    .default(1500),
  slots: z.int().min(4).max(240).default(60),
  dayMs: z
    .number()
    .min(1000)
    .max(31 * DAY)
    .default(DAY),
  daySlots: z.int().min(4).max(240).default(96),
});
export type Layout = z.output<typeof layoutSchema>;

/** The window the limits a minute are kept in. */
export function minuteLayout({ windowMs, guardMs, slots }: Layout): WindowLayout {
  return { windowMs, guardMs, slots };
}

/** The window the limits a day are kept in. A permit is booked by its slot's start, so the day's guard holds a slot more. */
export function dayLayout(layout: Layout): WindowLayout {
  const { dayMs, daySlots, guardMs } = layout;
  return { windowMs: dayMs, guardMs: guardMs + slotMs(minuteLayout(layout)), slots: daySlots };
}

export function slotMs({ windowMs, guardMs, slots }: WindowLayout): number {
  return (windowMs + guardMs) / slots;
}

/** Number of the slot a time falls into, counted from 1970. */
export function slotAt(layout: WindowLayout, at: number): number {
  return Math.floor(at / slotMs(layout));
}

/** The first slot that starts at or after a time. */
export function slotFrom(layout: WindowLayout, at: number): number {
  return Math.ceil(at / slotMs(layout));
}

/** Start of a slot, in milliseconds since 1970. */
export function slotStart(layout: WindowLayout, slot: number): number {
  return slot * slotMs(layout);
}

/** The last moment a permit of this slot may go out: the other half of the guard is left for the way. */
export function usableUntil(layout: WindowLayout, slot: number): number {
  return slotStart(layout, slot + 1) + layout.guardMs / 2;
}
