import { MINUTE, SECOND } from '#shared/config/defaults';
import { cutFactor } from './factor.ts';
import type { LimiterState } from './limiter-state.ts';

/** Used where the provider does not say how long. */
const DEFAULT_PAUSE_MS = 2 * SECOND;
/** A provider's word is believed up to here; after it, one request finds out. */
const LONGEST_PAUSE_MS = 60 * MINUTE;

/** A 429 or 503 of the provider. */
export interface Throttled {
  retryAfterMs?: number | undefined;
  /** A 429 makes everyone slower for a while; a 503 is no verdict on the rate. */
  overLimit: boolean;
  /** When the refused request was sent, by the server's clock. */
  sentAt: number;
}

/** Nobody sends before the provider's time is up. */
export function throttle(
  state: LimiterState,
  { retryAfterMs, overLimit, sentAt }: Throttled,
  now: number,
): LimiterState {
  const pauseMs = Math.min(Math.max(0, retryAfterMs ?? DEFAULT_PAUSE_MS), LONGEST_PAUSE_MS);
  const slower = overLimit && state.limits.mode === 'adaptive' ? cutFactor(state, now, sentAt) : state;
  return { ...slower, pausedUntil: Math.max(state.pausedUntil, now + pauseMs) };
}

/** Nobody sends until `resumed`. */
export function stop(state: LimiterState, reason: string, now: number): LimiterState {
  return { ...state, stopped: { reason: reason.slice(0, 500), at: now } };
}

/** Takes back a stop and a pause; the calendar and the factor stay. */
export function resumed(state: LimiterState): LimiterState {
  return { ...state, stopped: null, pausedUntil: 0 };
}
