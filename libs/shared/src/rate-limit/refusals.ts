import { MINUTE } from '#shared/config/defaults';
import { PermanentError, RetryableError } from '#shared/errors';
import type { Booking } from './book.ts';
import type { LimiterState } from './limiter-state.ts';

/** What can't be had until somebody acts is asked for again after this, in milliseconds. */
const STOPPED_DELAY_MS = 1 * MINUTE;
/** A job that waited its share asks again after this, in milliseconds. */
const GAVE_UP_DELAY_MS = 1000;

/** The error of a call that can't be served as things are. */
export function refusalError(
  endpoint: string,
  booking: Extract<Booking, { kind: 'stopped' | 'too-large' }>,
  state: LimiterState,
): PermanentError | RetryableError {
  if (booking.kind === 'too-large') {
    return new PermanentError(
      'over-rate-limit',
      `The request needs ${booking.asked} of ${booking.limit}, and ${endpoint} allows ${booking.allowed}: it can never be sent. ` +
        `Split it, or raise the limit with "podline limits set ${endpoint}".`,
    );
  }
  const options = { delayMs: STOPPED_DELAY_MS, blameless: true };
  if (state.stopped) {
    return new RetryableError(
      'quota-exhausted',
      `${endpoint} is stopped since ${new Date(state.stopped.at).toISOString()}: ${booking.reason}. ` +
        `Once the account is in order: podline limits resume ${endpoint}`,
      options,
    );
  }
  return new RetryableError(
    'limits-paused',
    `${endpoint} is paused: ${booking.reason}. podline limits resume ${endpoint}`,
    options,
  );
}

/** The error of a call that waited as long as it may. */
export function gaveUpError(endpoint: string, waitedMs: number, reason: string): RetryableError {
  return new RetryableError(
    'rate-limit-wait',
    `No permit of ${endpoint} within ${Math.round(waitedMs / 1000)} s (held up by: ${reason}).`,
    { delayMs: GAVE_UP_DELAY_MS, blameless: true },
  );
}
