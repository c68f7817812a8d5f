import { describe, expect, test } from '@jest/globals';
import { apiError, retryAfterMs } from './api-errors.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('how long a server asks to wait', () => {
  test.each([
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [{ 'retry-after': '9' }, 9000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    [{ 'retry-after': '99999999' }, 3_600_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, milliseconds) => {
    expect(retryAfterMs(new Headers(headers), NOW)).toBe(milliseconds);
  });
});

test('what is no error of the API counts as a broken connection, with its innermost cause', () => {
  const cause = new Error('getaddrinfo ENOTFOUND api.example');
  const error = apiError(new TypeError('fetch failed', { cause: new Error('outer', { cause }) }), 'whisper-1', 'key');
  expect(error).toMatchObject({ reason: 'connection', retryable: true });
  expect(error.message).toContain('ENOTFOUND api.example');
});
