import { describe, expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

describe('retryAfterMs', () => {
  test.each([
    [undefined, undefined],
    ['7', 7000],
    [' 0 ', 0],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
  ])('reads %j as %j', (header, delay) => {
    expect(retryAfterMs(header, NOW)).toBe(delay);
  });
});
