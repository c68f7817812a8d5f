import { describe, expect, test } from '@jest/globals';
import { CancelledError, classify, PermanentError, RetryableError } from '#shared/errors';

describe('classify', () => {
  test('keeps an error of the taxonomy as it is', () => {
    const error = new PermanentError('not-audio', 'HTML instead of audio');
    expect(classify(error)).toBe(error);
  });

  test.each([
    ['an Error', new Error('boom'), 'boom'],
    ['a string', 'boom', 'boom'],
    ['an object', { code: 7 }, '{"code":7}'],
  ])('takes %s for retryable and keeps its message', (_name, thrown, message) => {
    expect(classify(thrown)).toMatchObject({ retryable: true, reason: 'unexpected', message });
  });

  test('carries the delay the other side asked for', () => {
    expect(new RetryableError('throttled', 'wait', { delayMs: 5000 }).delayMs).toBe(5000);
  });

  test('counts cancelled work as retryable', () => {
    expect(new CancelledError().retryable).toBe(true);
  });
});
