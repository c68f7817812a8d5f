import { book, type Booking, type Grant } from './book.ts';
import type { LimiterState } from './limiter-state.ts';
import type { Waiter } from './waiter.ts';

export interface Plan {
  /** With every grant entered; it counts once it is stored. */
  state: LimiterState;
  granted: { waiter: Waiter; grant: Grant }[];
  /** Those that can't be served at all, as things are. */
  refused: { waiter: Waiter; booking: Extract<Booking, { kind: 'stopped' | 'too-large' }> }[];
  /** What the first in line has to wait for, if anything. */
  held: Extract<Booking, { kind: 'wait' }> | undefined;
}

export interface RoundTimes {
  /** Milliseconds since 1970 by the server's clock. */
  now: number;
  /** The same moment by the monotonic clock, which deadlines are in. */
  monotonic: number;
}

/**
 * Books as many of the waiting calls as there is room for, in their order: nobody overtakes the first in line, or a
 * large request would never get its turn.
 */
export function planRound(
  start: LimiterState,
  waiting: readonly Waiter[],
  room: number,
  nameLease: () => string,
  { now, monotonic }: RoundTimes,
): Plan {
  const plan: Plan = { state: start, granted: [], refused: [], held: undefined };
  for (const waiter of waiting) {
    if (plan.granted.length >= room) break;
    const request = {
      ...waiter.amounts,
      id: nameLease(),
      callMs: waiter.callMs,
      latestStart: now + waiter.deadline - monotonic,
    };
    const { state, booking } = book(plan.state, request, now);
    if (booking.kind === 'wait') {
      plan.held = booking;
      break;
    }
    plan.state = state;
    if (booking.kind === 'granted') plan.granted.push({ waiter, grant: booking.grant });
    else plan.refused.push({ waiter, booking });
  }
  return plan;
}
