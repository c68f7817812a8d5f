import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS, limitsSchema, parseLimits } from './limits.ts';

describe('limits', () => {
  test('a person may write only what matters', () => {
    expect(parseLimits('{ "requestsPerMinute": 50 }')).toEqual({
      limits: {
        requestsPerMinute: 50,
        mode: 'adaptive',
        refundTokens: false,
        setBy: 'operator',
        layout: { windowMs: 60_000, guardMs: 1500, slots: 60, dayMs: 86_400_000, daySlots: 96 },
      },
    });
  });

  test('the defaults are good limits', () => {
    for (const limits of Object.values(DEFAULT_LIMITS)) expect(limitsSchema.safeParse(limits).success).toBe(true);
  });

  test.each([
    ['requestsPerMinute: 50', 'not JSON: requestsPerMinute: 50'],
    ['{ "requestPerMinute": 50 }', 'requestPerMinute'],
    ['{ "requestsPerMinute": 0 }', 'requestsPerMinute'],
    ['{ "requestsPerMinute": "50" }', 'requestsPerMinute'],
    ['{ "tokensPerMinute": 1.5 }', 'tokensPerMinute'],
    ['{ "mode": "brave" }', 'mode'],
    ['{ "maxConcurrent": 1001 }', 'maxConcurrent'],
    ['null', 'expected object'],
  ])('%s is refused, and says why', (text, why) => {
    expect(parseLimits(text)).toEqual({ error: expect.stringContaining(why) });
  });
});
