import { CancelledError, PodlineError } from '#shared/errors';

/** Why work with this signal had to stop, as an error to throw. */
export function stopReason(signal: AbortSignal): PodlineError {
  const reason: unknown = signal.reason;
  return reason instanceof PodlineError ? reason : new CancelledError(undefined, { cause: reason });
}
