import { type Calendar, peakAround, sum } from './calendar.ts';
import { factorNow } from './factor.ts';
import { dayCalendar, type LimiterState, minuteCalendar } from './limiter-state.ts';
import type { Limits } from './limits.ts';
import { dayLayout, minuteLayout, slotAt, slotStart, type WindowLayout } from './window-layout.ts';

export interface Amounts {
  tokens: number;
  audioSeconds: number;
}

/** Spans, in slots, over which tokens and audio are kept even. The limit itself is kept by whole windows. */
const EVEN_SPANS = [4, 20];

/** Whether a slot can take a request: smooth in the short run, and within every limit in any window that holds it. */
export function slotFits(state: LimiterState, limits: Limits, amounts: Amounts, slot: number, now: number): boolean {
  const layout = minuteLayout(state.layout);
  const factor = factorNow(state, now);
  const fits = (unit: 'tokens' | 'audioSeconds', limit: number | undefined): boolean =>
    limit === undefined ||
    amounts[unit] === 0 ||
    amountFits(minuteCalendar(state, unit), layout, slot, amounts[unit], limit, factor);
  return (
    (limits.requestsPerMinute === undefined ||
      requestFits(minuteCalendar(state, 'requests'), layout, slot, limits.requestsPerMinute, factor)) &&
    fits('tokens', limits.tokensPerMinute) &&
    fits('audioSeconds', limits.audioSecondsPerMinute) &&
    dayFits(state, limits, amounts, slotAt(dayLayout(state.layout), slotStart(layout, slot)))
  );
}

/** Whether the day's limits have room in a slot of the day. */
export function dayFits(state: LimiterState, limits: Limits, amounts: Amounts, daySlot: number): boolean {
  const layout = dayLayout(state.layout);
  const fits = (unit: 'requests' | 'audioSeconds', amount: number, limit: number | undefined): boolean =>
    limit === undefined || peakAround(dayCalendar(state, unit), layout, daySlot) + amount <= limit;
  return (
    fits('requests', 1, limits.requestsPerDay) && fits('audioSeconds', amounts.audioSeconds, limits.audioSecondsPerDay)
  );
}

/**
 * A slot's own share is ⌊(slot + 1)ρ⌋ − ⌊slot·ρ⌋ with ρ = limit / (slots + 1): any slots + 1 in a row then hold no more
 * than the limit, evenly spread. With less than one request a slot, an idle endpoint need not wait for its turn.
 */
function requestFits(calendar: Calendar, layout: WindowLayout, slot: number, limit: number, factor: number): boolean {
  const rate = (factor * limit) / (layout.slots + 1);
  const share = Math.floor((slot + 1) * rate) - Math.floor(slot * rate);
  const idle = rate < 1 && sum(calendar, slot - Math.ceil(1 / rate) + 1, slot) === 0;
  return (idle || sum(calendar, slot, slot) + 1 <= share) && peakAround(calendar, layout, slot) + 1 <= limit;
}

/** Amounts differ in size, so a span may be overdrawn by its last request; the window never. */
function amountFits(
  calendar: Calendar,
  layout: WindowLayout,
  slot: number,
  amount: number,
  limit: number,
  factor: number,
): boolean {
  const rate = (factor * limit) / (layout.slots + 1);
  return (
    EVEN_SPANS.every((span) => sum(calendar, slot - span + 1, slot) < span * rate) &&
    peakAround(calendar, layout, slot) + amount <= limit
  );
}
