import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CancelledError, PermanentError, RetryableError } from '#shared/errors';
import { retryDelayMs } from './retry-delay.ts';
import { countsAsFailure, settleFailure } from './settlement.ts';

const policy = { maxDeliveries: 5, baseMs: 1000, capMs: 60_000 };
const half = (): number => 0.5;
const at = (delivery: number, failures = delivery) => ({ delivery, failures });

describe('settleFailure', () => {
  test('dead-letters a permanent error at its first delivery', () => {
    expect(settleFailure(new PermanentError('not-audio', 'HTML'), at(1, 0), policy, half)).toMatchObject({
      kind: 'dead-letter',
    });
  });

  test('gives a retryable error back with a growing delay', () => {
    const delays = [1, 2, 3, 4].map((delivery) => settleFailure(new Error('broken pipe'), at(delivery), policy, half));
    expect(delays).toMatchObject([500, 1000, 2000, 4000].map((delayMs) => ({ kind: 'nak', delayMs })));
  });

  test('dead-letters a job that has failed as often as it may, and not one that was only delivered so often', () => {
    const slow = new RetryableError('timeout', 'slow');
    expect(settleFailure(slow, at(5), policy, half)).toMatchObject({
      kind: 'dead-letter',
      error: { reason: 'timeout' },
    });
    expect(settleFailure(slow, at(50, 4), policy, half)).toMatchObject({ kind: 'nak' });
  });

  test('counts what is the job’s own fault, and is worth another try', () => {
    const away = new RetryableError('nats-unavailable', 'away', { blameless: true });
    const errors = [new Error('a bug'), new RetryableError('timeout', 'slow'), new CancelledError(), away];
    expect(errors.map(countsAsFailure)).toEqual([true, true, false, false]);
    expect(countsAsFailure(new PermanentError('not-audio', 'HTML'))).toBe(false);
  });

  test('waits as long as the other side asked for', () => {
    const throttled = new RetryableError('throttled', 'wait', { delayMs: 17_000 });
    expect(settleFailure(throttled, at(1), policy, half)).toMatchObject({ kind: 'nak', delayMs: 17_000 });
  });

  test('gives cancelled work back at once, however often it was delivered', () => {
    expect(settleFailure(new CancelledError(), at(99), policy, half)).toMatchObject({ kind: 'nak', delayMs: 0 });
  });

  test('never dead-letters what is nobody’s fault', () => {
    const away = new RetryableError('nats-unavailable', 'away', { blameless: true });
    expect(settleFailure(away, at(99), policy, half)).toMatchObject({ kind: 'nak' });
  });
});

describe('retryDelayMs', () => {
  test('is a whole number of milliseconds, and never the ceiling itself', () => {
    expect(retryDelayMs(1, policy, () => 0.9999)).toBe(999);
  });

  test('stays between nothing and the cap, whatever the delivery', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (delivery, random) => {
          const delay = retryDelayMs(delivery, policy, () => random);
          const ceiling = Math.min(policy.capMs, 1000 * 2 ** (delivery - 1));
          return Number.isInteger(delay) && delay >= 0 && delay < ceiling;
        },
      ),
    );
  });
});
