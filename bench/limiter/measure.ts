import { SlidingLog } from '../../test/support/openai-server/sliding-log.ts';
import type { Arrival } from '../../test/support/openai-server/server-stats.ts';

/** Jain's fairness index: 1 where all got the same, 1/n where one got all. R. Jain et al., DEC-TR-301 (1984). */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? Number.NaN : (sum * sum) / (shares.length * squares);
}

/** A time from which on other limits were in force. */
export interface LimitsEra {
  from: number;
  requests: number | undefined;
  tokens: number | undefined;
}

/**
 * The fullest sliding window over its limit. Where limits changed, a window is held against those in force when it
 * began: what was sent before the change can't be taken back.
 */
export function worstWindow(
  arrivals: readonly Arrival[],
  eras: readonly LimitsEra[],
  windowMs: number,
): { requests: number; tokens: number } {
  const worst = { requests: 0, tokens: 0 };
  for (const [index, era] of eras.entries()) {
    const until = (eras[index + 1]?.from ?? Infinity) + windowMs;
    const logs = { requests: new SlidingLog(), tokens: new SlidingLog() };
    for (const { at, tokens } of arrivals) {
      if (at < era.from || at >= until) continue;
      // A raise allows at once what the earlier limit did not.
      if (at >= until - windowMs && (eras[index + 1]?.requests ?? 0) > (era.requests ?? 0)) continue;
      logs.requests.add(at, 1);
      logs.tokens.add(at, tokens);
    }
    if (era.requests) worst.requests = Math.max(worst.requests, logs.requests.mostInAnyWindow(windowMs) / era.requests);
    if (era.tokens) worst.tokens = Math.max(worst.tokens, logs.tokens.mostInAnyWindow(windowMs) / era.tokens);
  }
  return worst;
}
