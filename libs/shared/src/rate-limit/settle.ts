import { add, sum } from './calendar.ts';
import { type Grant, tidy } from './book.ts';
import { type LimiterState, minuteCalendar } from './limiter-state.ts';

/**
 * Ends a lease. With `usedTokens` the booking is corrected: more is always added; less is given back only where the
 * limits say that the provider charges usage. Requests are never given back, since a failed one counts as well. Doing
 * it twice changes nothing.
 */
export function settle(state: LimiterState, grant: Grant, usedTokens: number | undefined): LimiterState {
  if (!(grant.id in state.leases)) return state;
  const { [grant.id]: _ended, ...leases } = state.leases;
  const difference = usedTokens === undefined ? 0 : Math.ceil(usedTokens) - grant.tokens;
  if (grant.generation !== state.generation || difference === 0 || (difference < 0 && !state.limits.refundTokens))
    return { ...state, leases };
  const tokens = add(minuteCalendar(state, 'tokens'), grant.slot, difference).amounts;
  return { ...state, leases, minute: { ...state.minute, tokens } };
}

/** What the provider says is left of its window, from its answer to the request of this grant. */
export interface Remaining {
  requests?: number | undefined;
  tokens?: number | undefined;
}

/**
 * Books what others have used of the account, where the provider says less is left than this state thinks. The
 * provider's word only ever lowers the view: its own window may be shorter or kinder than a sliding one.
 */
export function bookForeignUse(before: LimiterState, grant: Grant, remaining: Remaining, now: number): LimiterState {
  if (grant.generation !== before.generation || before.limits.mode !== 'adaptive') return before;
  const state = tidy(before, now);
  const { slots } = state.layout;
  const withForeign = (unit: 'requests' | 'tokens', limit: number | undefined): readonly number[] => {
    const calendar = minuteCalendar(state, unit);
    const left = remaining[unit];
    if (limit === undefined || left === undefined || left < 0) return calendar.amounts;
    const ours = limit - sum(calendar, grant.slot - slots, grant.slot);
    return left < ours ? add(calendar, grant.slot, Math.floor(ours - left)).amounts : calendar.amounts;
  };
  const requests = withForeign('requests', state.limits.requestsPerMinute);
  const tokens = withForeign('tokens', state.limits.tokensPerMinute);
  if (requests === state.minute.requests && tokens === state.minute.tokens) return before;
  return { ...state, minute: { ...state.minute, requests, tokens } };
}
