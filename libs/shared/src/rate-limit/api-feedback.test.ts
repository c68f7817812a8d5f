import { describe, expect, test } from '@jest/globals';
import { apiFeedback, parseDuration } from './api-feedback.ts';

describe('durations', () => {
  test.each([
    ['6m0s', 360_000],
    ['1s', 1000],
    ['20ms', 20],
    ['1h2m3.5s', 3_723_500],
    ['2m59.56s', 179_560],
    ['120us', 1],
    ['1.5s', 1500],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', '6', 's', '-1s', '1 s', '6m0', 'soon', '1s,2s'])('%j is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});

describe('feedback of an answer', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const waits = (headers: Record<string, string>): number | undefined =>
    apiFeedback(429, new Headers(headers), now).throttled?.retryAfterMs;

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '20ms' }, 20],
    [{ 'retry-after-ms': '1234', 'retry-after': '9' }, 1234],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 13:00:30 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    [
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1.2s',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      1200,
    ],
    [
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      360_000,
    ],
    [{}, undefined],
    [{ 'retry-after': 'later' }, undefined],
  ])('%j asks for %p ms', (headers, ms) => expect(waits(headers)).toBe(ms));

  test('only 429 and 503 throttle, and only 429 is about the rate', () => {
    expect(apiFeedback(200, new Headers({ 'retry-after': '7' })).throttled).toBeUndefined();
    expect(apiFeedback(500, new Headers({ 'retry-after': '7' })).throttled).toBeUndefined();
    expect(apiFeedback(503, new Headers({ 'retry-after': '7' })).throttled).toEqual({
      retryAfterMs: 7000,
      overLimit: false,
    });
    expect(apiFeedback(429, new Headers()).throttled).toEqual({ retryAfterMs: undefined, overLimit: true });
  });

  test('what is left is read where it is a number, -1 means no idea', () => {
    const headers = new Headers({ 'x-ratelimit-remaining-requests': '49', 'x-ratelimit-remaining-tokens': '-1' });
    expect(apiFeedback(200, headers).remaining).toEqual({ requests: 49, tokens: undefined });
  });
});
