import { sum } from './calendar.ts';
import { factorNow } from './factor.ts';
import { dayCalendar, type LimiterState, minuteCalendar } from './limiter-state.ts';
import { effectiveLimits, type Limits } from './limits.ts';
import { dayLayout, minuteLayout, slotAt } from './window-layout.ts';

/** How much of a limit is used in the window that ends now; bookings ahead are not in it. */
export interface LimitUse {
  used: number;
  limit: number;
}

export type LimitName =
  | 'requestsPerMinute'
  | 'tokensPerMinute'
  | 'audioSecondsPerMinute'
  | 'requestsPerDay'
  | 'audioSecondsPerDay'
  | 'maxConcurrent';

/** What an operator wants to know of an endpoint. Times are ISO 8601. */
export interface EndpointStatus {
  limits: Limits;
  /** `open`, or why nothing is sent. */
  condition: 'open' | 'closed' | 'throttled' | 'stopped' | 'paused';
  /** Why, and until when where that is known. */
  because: string | undefined;
  until: string | undefined;
  /** Share of the limits in use after 429s. */
  factor: number;
  use: Partial<Record<LimitName, LimitUse>>;
  generation: string;
}

/** @param now milliseconds since 1970 by the server's clock. */
export function endpointStatus(state: LimiterState, now: number): EndpointStatus {
  const limits = effectiveLimits(state.limits);
  return {
    limits: state.limits,
    ...condition(state, now),
    factor: factorNow(state, now),
    use: useOf(state, limits, now),
    generation: state.generation,
  };
}

function condition(state: LimiterState, now: number): Pick<EndpointStatus, 'condition' | 'because' | 'until'> {
  const at = (time: number): string => new Date(time).toISOString();
  if (state.limits.paused !== undefined) return { condition: 'paused', because: state.limits.paused, until: undefined };
  if (state.stopped) return { condition: 'stopped', because: state.stopped.reason, until: undefined };
  if (state.closedUntil > now) {
    return { condition: 'closed', because: 'the state was made anew', until: at(state.closedUntil) };
  }
  if (state.pausedUntil > now) {
    return { condition: 'throttled', because: 'the provider asked for a pause', until: at(state.pausedUntil) };
  }
  return { condition: 'open', because: undefined, until: undefined };
}

function useOf(state: LimiterState, limits: Limits, now: number): EndpointStatus['use'] {
  const minuteSlot = slotAt(minuteLayout(state.layout), now);
  const daySlot = slotAt(dayLayout(state.layout), now);
  const minute = (unit: 'requests' | 'tokens' | 'audioSeconds'): number =>
    sum(minuteCalendar(state, unit), minuteSlot - state.layout.slots, minuteSlot);
  const day = (unit: 'requests' | 'audioSeconds'): number =>
    sum(dayCalendar(state, unit), daySlot - state.layout.daySlots, daySlot);
  const used: Record<LimitName, number> = {
    requestsPerMinute: minute('requests'),
    tokensPerMinute: minute('tokens'),
    audioSecondsPerMinute: minute('audioSeconds'),
    requestsPerDay: day('requests'),
    audioSecondsPerDay: day('audioSeconds'),
    maxConcurrent: Object.values(state.leases).filter((until) => until > now).length,
  };
  const use: EndpointStatus['use'] = {};
  for (const name of LIMIT_NAMES) {
    const limit = limits[name];
    if (limit !== undefined) use[name] = { used: used[name], limit };
  }
  return use;
}

const LIMIT_NAMES: readonly LimitName[] = [
  'requestsPerMinute',
  'tokensPerMinute',
  'audioSecondsPerMinute',
  'requestsPerDay',
  'audioSecondsPerDay',
  'maxConcurrent',
];
