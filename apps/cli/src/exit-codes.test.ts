import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '#shared/config/load';
import { PermanentError, RetryableError } from '#shared/errors';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { UnreachableError, UsageError } from './usage-error.ts';

describe('exitCodeOf', () => {
  test.each([
    ['wrong use', new UsageError('x'), EXIT.usage],
    ['a bad setting', new ConfigurationError(['x']), EXIT.usage],
    ['a request that can never succeed', new PermanentError('invalid-url', 'x'), EXIT.usage],
    ['trouble that may pass', new RetryableError('nats-unavailable', 'x'), EXIT.unreachable],
    ['a cluster that does not answer', new UnreachableError('x'), EXIT.unreachable],
    ['a bug', new TypeError('x is not a function'), EXIT.bug],
    ['something thrown that is no error', 'x', EXIT.bug],
  ])('tells %s', (_what, thrown, code) => {
    expect(exitCodeOf(thrown)).toBe(code);
  });

  test('gives no two outcomes the same number', () => {
    expect(new Set(Object.values(EXIT)).size).toBe(Object.keys(EXIT).length);
  });
});
