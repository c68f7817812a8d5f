import { classify, type PodlineError, RetryableError } from '#shared/errors';
import { retryDelayMs, type RetryPolicy } from './retry-delay.ts';

/** How a delivery is answered. The only three ways there are. */
export type Settlement =
  | { kind: 'ack' }
  | { kind: 'nak'; delayMs: number; error: PodlineError }
  | { kind: 'dead-letter'; error: PodlineError };

export interface SettlementPolicy extends RetryPolicy {
  /** A job that has failed so often is dead-lettered. */
  maxDeliveries: number;
}

export interface FailedDelivery {
  /** Counts from 1, as JetStream does. */
  delivery: number;
  /** How often the job has failed by a fault of its own, this time included; 0 where that is not known. */
  failures: number;
}

/** Whether the job itself has to do with it: those are counted, and are tried again so often and no more. */
export function countsAsFailure(thrown: unknown): boolean {
  const { retryable, blameless } = classify(thrown);
  return retryable && !blameless;
}

/**
 * Decides what becomes of a failed delivery: permanent errors and jobs that have failed too often go to the dead letters;
 * what is nobody's fault is always tried again; a shutdown gives the job back without delay.
 */
export function settleFailure(
  thrown: unknown,
  { delivery, failures }: FailedDelivery,
  policy: SettlementPolicy,
  random: () => number,
): Settlement {
  const error = classify(thrown);
  if (!error.retryable) return { kind: 'dead-letter', error };
  if (error.reason === 'cancelled') return { kind: 'nak', delayMs: 0, error };
  if (failures >= policy.maxDeliveries && !error.blameless) return { kind: 'dead-letter', error };
  const asked = error instanceof RetryableError ? error.delayMs : undefined;
  return { kind: 'nak', delayMs: asked ?? retryDelayMs(delivery, policy, random), error };
}
