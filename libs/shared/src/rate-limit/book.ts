import { add, firstBookable, roll } from './calendar.ts';
import { type Amounts, dayFits, slotFits } from './find-slot.ts';
import { dayCalendar, type DayUnit, type LimiterState, minuteCalendar, type MinuteUnit } from './limiter-state.ts';
import { effectiveLimits, type Limits, MAX_LEASES } from './limits.ts';
import { dayLayout, minuteLayout, slotAt, slotFrom, slotStart, usableUntil } from './window-layout.ts';

/** One request for a permit. */
export interface BookingRequest extends Amounts {
  /** Name of the lease; never used twice. */
  id: string;
  /** Longest time the call may take once it is sent, in milliseconds: its lease lasts as long. */
  callMs: number;
  /** No slot that starts after this is of use. */
  latestStart: number;
}

export interface Grant extends Amounts {
  id: string;
  generation: string;
  slot: number;
  /** The permit may be used from here, */
  startsAt: number;
  /** to here, */
  usableUntil: number;
  /** and its call must be over by then. */
  leaseUntil: number;
}

export type WaitReason = 'rate' | 'day' | 'concurrency' | 'paused' | 'closed';

export type Booking =
  | { kind: 'granted'; grant: Grant }
  /** Not now: nothing can change before `until` unless the state does. */
  | { kind: 'wait'; reason: WaitReason; until: number }
  | { kind: 'stopped'; reason: string }
  /** It can never be granted under these limits. */
  | { kind: 'too-large'; limit: keyof Limits; allowed: number; asked: number };

/**
 * Books one request at the earliest slot that every limit allows. Pure: the caller stores the new state by
 * compare-and-set, and a grant counts only once that has succeeded.
 * @param now milliseconds since 1970 by the server's clock.
 */
export function book(
  before: LimiterState,
  request: BookingRequest,
  now: number,
): { state: LimiterState; booking: Booking } {
  const state = tidy(before, now);
  const limits = effectiveLimits(state.limits);
  const booking =
    refusal(state, limits, request) ?? holdUp(state, limits, now) ?? grantOrWait(state, limits, request, now);
  if (booking.kind !== 'granted') return { state: before, booking };
  return { state: enter(state, booking.grant), booking };
}

/** Rolls the calendars on and drops the leases of the dead. */
export function tidy(state: LimiterState, now: number): LimiterState {
  const leases = Object.entries(state.leases);
  const alive = leases.filter(([, until]) => until > now);
  return {
    ...mapCalendars(state, now),
    leases: alive.length === leases.length ? state.leases : Object.fromEntries(alive),
  };
}

function mapCalendars(state: LimiterState, now: number): LimiterState {
  const minute = minuteLayout(state.layout);
  const day = dayLayout(state.layout);
  const rollMinute = (unit: MinuteUnit) => roll(minuteCalendar(state, unit), minute, slotAt(minute, now));
  const rollDay = (unit: DayUnit) => roll(dayCalendar(state, unit), day, slotAt(day, now));
  const requests = rollMinute('requests');
  const dayRequests = rollDay('requests');
  return {
    ...state,
    minute: {
      base: requests.base,
      requests: requests.amounts,
      tokens: rollMinute('tokens').amounts,
      audioSeconds: rollMinute('audioSeconds').amounts,
    },
    day: { base: dayRequests.base, requests: dayRequests.amounts, audioSeconds: rollDay('audioSeconds').amounts },
  };
}

/** Everything is booked, limited or not: a limit that is set later finds what was used before. */
function enter(state: LimiterState, grant: Grant): LimiterState {
  const daySlot = slotAt(dayLayout(state.layout), grant.startsAt);
  const inMinute = (unit: MinuteUnit, amount: number) => add(minuteCalendar(state, unit), grant.slot, amount).amounts;
  const inDay = (unit: DayUnit, amount: number) => add(dayCalendar(state, unit), daySlot, amount).amounts;
  return {
    ...state,
    minute: {
      base: state.minute.base,
      requests: inMinute('requests', 1),
      tokens: inMinute('tokens', grant.tokens),
      audioSeconds: inMinute('audioSeconds', grant.audioSeconds),
    },
    day: {
      base: state.day.base,
      requests: inDay('requests', 1),
      audioSeconds: inDay('audioSeconds', grant.audioSeconds),
    },
    leases: { ...state.leases, [grant.id]: grant.leaseUntil },
  };
}

function refusal(state: LimiterState, limits: Limits, { tokens, audioSeconds }: BookingRequest): Booking | undefined {
  if (state.stopped) return { kind: 'stopped', reason: state.stopped.reason };
  if (limits.paused !== undefined) return { kind: 'stopped', reason: limits.paused };
  const asked = { tokensPerMinute: tokens, audioSecondsPerMinute: audioSeconds, audioSecondsPerDay: audioSeconds };
  for (const limit of ['tokensPerMinute', 'audioSecondsPerMinute', 'audioSecondsPerDay'] as const) {
    const allowed = limits[limit];
    if (allowed !== undefined && asked[limit] > allowed)
      return { kind: 'too-large', limit, allowed, asked: asked[limit] };
  }
  return undefined;
}

function holdUp(state: LimiterState, limits: Limits, now: number): Booking | undefined {
  if (state.closedUntil > now) return { kind: 'wait', reason: 'closed', until: state.closedUntil };
  if (state.pausedUntil > now) return { kind: 'wait', reason: 'paused', until: state.pausedUntil };
  const leases = Object.values(state.leases);
  if (leases.length < Math.min(limits.maxConcurrent ?? MAX_LEASES, MAX_LEASES)) return undefined;
  return { kind: 'wait', reason: 'concurrency', until: Math.min(...leases) };
}

function grantOrWait(state: LimiterState, limits: Limits, request: BookingRequest, now: number): Booking {
  const layout = minuteLayout(state.layout);
  const current = slotAt(layout, now);
  const first = Math.max(
    current,
    firstBookable(minuteCalendar(state, 'requests'), layout),
    fromDay(state, limits, request, now),
  );
  const last = Math.min(current + layout.slots, slotAt(layout, request.latestStart));
  for (let slot = first; slot <= last; slot++) {
    if (slotFits(state, limits, request, slot, now)) return { kind: 'granted', grant: grantAt(state, request, slot) };
  }
  if (first > current + layout.slots)
    return { kind: 'wait', reason: 'day', until: slotStart(layout, first - layout.slots) };
  return { kind: 'wait', reason: 'rate', until: slotStart(layout, current + 1) };
}

function grantAt(state: LimiterState, { id, callMs, tokens, audioSeconds }: BookingRequest, slot: number): Grant {
  const layout = minuteLayout(state.layout);
  const lastStart = usableUntil(layout, slot);
  return {
    id,
    generation: state.generation,
    tokens,
    audioSeconds,
    slot,
    startsAt: slotStart(layout, slot),
    usableUntil: lastStart,
    leaseUntil: lastStart + layout.guardMs / 2 + callMs,
  };
}

/** The first slot of the minute's calendar that lies in a slot of the day with room; Infinity never comes out. */
function fromDay(state: LimiterState, limits: Limits, request: BookingRequest, now: number): number {
  const layout = dayLayout(state.layout);
  const first = Math.max(slotAt(layout, now), firstBookable(dayCalendar(state, 'requests'), layout));
  let slot = first;
  // One whole window on, everything booked until now has left: the loop always ends by then.
  while (slot <= first + layout.slots + 1 && !dayFits(state, limits, request, slot)) slot++;
  return slot === slotAt(layout, now) ? 0 : slotFrom(minuteLayout(state.layout), slotStart(layout, slot));
}
