import type { LimiterState } from './limiter-state.ts';

/** What a 429 leaves of the rate. */
const CUT = 0.9;
/** Given back for every window without a 429, as a share of the limit. */
const RECOVERY = 0.05;
const LEAST = 0.1;

/**
 * Share of the limits in use now: 0.9 of what it was after every 429, plus 0.05 for every whole window since. It moves
 * in steps, not smoothly, because the pattern of slots is drawn from it and must hold still for a while.
 */
export function factorNow({ factor, factorAt, layout, limits }: LimiterState, now: number): number {
  if (limits.mode === 'conservative') return 1;
  const windows = Math.max(0, Math.floor((now - factorAt) / layout.windowMs));
  return Math.min(1, Math.round((factor + RECOVERY * windows) * 1000) / 1000);
}

/** The state after a 429 to a request that was sent at `sentAt`; one cut answers for all that were sent before it. */
export function cutFactor(state: LimiterState, now: number, sentAt: number): LimiterState {
  if (state.factor < 1 && sentAt <= state.factorAt) return state;
  return { ...state, factor: Math.max(LEAST, factorNow(state, now) * CUT), factorAt: now };
}
