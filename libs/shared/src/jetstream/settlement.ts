import { classify, type PodlineError, RetryableError } from '#shared/errors';
import { retryDelayMs, type RetryPolicy } from './retry-delay.ts';

/** How a delivery is answered. The only three ways there are. */
export type Settlement =
  | { kind: 'ack' }
  | { kind: 'nak'; delayMs: number; error: PodlineError }
  | { kind: 'dead-letter'; error: PodlineError };

export interface SettlementPolicy extends RetryPolicy {
  /** A job that fails at this delivery or later is dead-lettered. */
  maxDeliveries: number;
}

/**
 * Decides what becomes of a failed delivery: permanent errors and jobs out of deliveries go to the dead letters; what
 * is nobody's fault is always tried again; a shutdown gives the job back without delay.
 * @param delivery counts from 1, as JetStream does.
 */
export function settleFailure(
  thrown: unknown,
  delivery: number,
  policy: SettlementPolicy,
  random: () => number,
): Settlement {
  const error = classify(thrown);
  if (!error.retryable) return { kind: 'dead-letter', error };
  if (error.reason === 'cancelled') return { kind: 'nak', delayMs: 0, error };
  if (delivery >= policy.maxDeliveries && !error.blameless) return { kind: 'dead-letter', error };
  const asked = error instanceof RetryableError ? error.delayMs : undefined;
  return { kind: 'nak', delayMs: asked ?? retryDelayMs(delivery, policy, random), error };
}
