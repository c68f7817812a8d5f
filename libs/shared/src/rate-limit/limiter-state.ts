import { z } from 'zod';
import { DAY } from '#shared/config/defaults';
import { type Calendar, emptyCalendar } from './calendar.ts';
import { type Limits, limitsSchema, MAX_LEASES } from './limits.ts';
import { dayLayout, type Layout, layoutSchema, minuteLayout, slotAt, slotStart } from './window-layout.ts';

const VERSION = 1;
/** No pause and no lease reaches further than this. */
const LONGEST_AHEAD_MS = 1 * DAY;
/** Room for the kept slots, the slots ahead and the spare ones, of the finest layout. */
const MAX_SLOTS = 600;

const amounts = z.array(z.number().min(0).max(1e12)).max(MAX_SLOTS).readonly();
const time = z.number().min(0).max(8.64e15);

/**
 * Everything the replicas of one endpoint share, stored at `<endpoint>.state` and changed by compare-and-set only.
 * Times are milliseconds since 1970 by the NATS server's clock.
 */
const stateSchema = z.strictObject({
  v: z.literal(VERSION),
  /** Changes whenever the state is made anew; permits of another generation are void. */
  generation: z.string().min(1).max(40),
  layout: layoutSchema,
  /** Nothing is granted before this: what was booked in a lost state has left every window by then. */
  closedUntil: time,
  /** Nothing is sent before this: the provider said so. */
  pausedUntil: time,
  /** Nothing is sent until an operator resumes: the provider will not serve this account. */
  stopped: z.strictObject({ reason: z.string().max(500), at: time }).nullable(),
  /** Share of the limits in use since `factorAt`, at most 1; recovers with time. */
  factor: z.number().min(0.01).max(1),
  factorAt: time,
  minute: z.strictObject({ base: z.int().min(0), requests: amounts, tokens: amounts, audioSeconds: amounts }),
  day: z.strictObject({ base: z.int().min(0), requests: amounts, audioSeconds: amounts }),
  /** Permits that are out, and when each is taken for dead. */
  leases: z
    .record(z.string().max(80), time)
    .refine((leases) => Object.keys(leases).length <= MAX_LEASES, { error: `more than ${MAX_LEASES} leases` }),
  /** The last good limits, for replicas that start while `<endpoint>.limits` is unreadable. */
  limits: limitsSchema,
});
export type LimiterState = z.output<typeof stateSchema>;

export type MinuteUnit = 'requests' | 'tokens' | 'audioSeconds';
export type DayUnit = 'requests' | 'audioSeconds';

export function minuteCalendar({ minute }: LimiterState, unit: MinuteUnit): Calendar {
  return { base: minute.base, amounts: minute[unit] };
}

export function dayCalendar({ day }: LimiterState, unit: DayUnit): Calendar {
  return { base: day.base, amounts: day[unit] };
}

/**
 * A state that grants nothing for one window: whatever a lost one had booked is out of every window by then.
 * @param previous what is still known of the lost state: leases, day limits, a stop and a pause outlive it.
 */
export function closedState(limits: Limits, now: number, generation: string, previous?: LimiterState): LimiterState {
  const { layout } = limits;
  const minute = minuteLayout(layout);
  const day = dayLayout(layout);
  const sameDay = previous && sameLayout(previous.layout, layout) && !isFromTheFuture(previous, now);
  return {
    v: VERSION,
    generation,
    layout,
    closedUntil: now + minute.windowMs + 2 * minute.guardMs,
    pausedUntil: Math.min(previous?.pausedUntil ?? 0, now + minute.windowMs),
    stopped: previous?.stopped ?? null,
    factor: 1,
    factorAt: now,
    minute: { base: emptyCalendar(minute, slotAt(minute, now)).base, requests: [], tokens: [], audioSeconds: [] },
    day: sameDay ? previous.day : { base: emptyCalendar(day, slotAt(day, now)).base, requests: [], audioSeconds: [] },
    leases: previous && !isFromTheFuture(previous, now) ? previous.leases : {},
    limits,
  };
}

/** The state as JSON; about 2 KB, and bounded by the number of slots and leases. */
export function encodeState(state: LimiterState): string {
  return JSON.stringify(state);
}

/**
 * The part of an encoded state that concerns everyone at once: generation, closure, pause and stop. It can be compared
 * without reading the rest, which changes with every permit of every replica.
 */
export function headOf(text: string): string {
  const calendar = text.indexOf('"minute"');
  return calendar < 0 ? text : text.slice(0, calendar);
}

/** Reads a stored state; `refused` says in words why it can't be trusted, and it must then be made anew. */
export function decodeState(text: string, now: number): { state: LimiterState } | { refused: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refused: 'it is not JSON' };
  }
  const parsed = stateSchema.safeParse(value);
  if (!parsed.success) {
    const version = z.object({ v: z.number() }).safeParse(value);
    if (version.success && version.data.v !== VERSION)
      return { refused: `it is of version ${version.data.v}, not ${VERSION}` };
    return { refused: `it does not fit: ${z.prettifyError(parsed.error).replaceAll('\n', ' ').slice(0, 200)}` };
  }
  if (isFromTheFuture(parsed.data, now)) return { refused: 'it is from the future' };
  return { state: parsed.data };
}

export function sameLayout(a: Layout, b: Layout): boolean {
  return JSON.stringify(layoutSchema.parse(a)) === JSON.stringify(layoutSchema.parse(b));
}

/**
 * Whether anything in the state lies further ahead than booking ever goes: then the server's clock went back, or the
 * state is not of this cluster, and waiting until its time comes could take for ever.
 */
function isFromTheFuture(state: LimiterState, now: number): boolean {
  const minute = minuteLayout(state.layout);
  const day = dayLayout(state.layout);
  const booked = Math.max(state.minute.requests.length, state.minute.tokens.length, state.minute.audioSeconds.length);
  const bookedDays = Math.max(state.day.requests.length, state.day.audioSeconds.length);
  return (
    slotStart(minute, state.minute.base) > now ||
    slotStart(minute, state.minute.base + booked) > now + 3 * (minute.windowMs + minute.guardMs) ||
    slotStart(day, state.day.base) > now ||
    slotStart(day, state.day.base + bookedDays) > now + 3 * (day.windowMs + day.guardMs) ||
    state.closedUntil > now + 3 * (minute.windowMs + minute.guardMs) ||
    state.pausedUntil > now + LONGEST_AHEAD_MS ||
    Object.values(state.leases).some((until) => until > now + LONGEST_AHEAD_MS)
  );
}
