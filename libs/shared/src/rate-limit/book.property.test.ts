import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { seeded } from '../../../../bench/limiter/random.ts';
import { simulate } from '../../../../bench/limiter/simulated-endpoint.ts';
import { limitsSchema } from './limits.ts';

/** Any subset of the limits, small and large, with windows coarse and fine. The day is scaled to a few windows. */
const limits = fc
  .record(
    {
      requestsPerMinute: fc.integer({ min: 1, max: 120 }),
      tokensPerMinute: fc.integer({ min: 1000, max: 100_000 }),
      audioSecondsPerMinute: fc.integer({ min: 100, max: 5000 }),
      requestsPerDay: fc.integer({ min: 5, max: 400 }),
      audioSecondsPerDay: fc.integer({ min: 500, max: 20_000 }),
      maxConcurrent: fc.integer({ min: 1, max: 20 }),
      mode: fc.constantFrom('adaptive' as const, 'conservative' as const),
      refundTokens: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .chain((some) =>
    fc
      .record({
        guardMs: fc.integer({ min: 50, max: 3000 }),
        slots: fc.integer({ min: 4, max: 60 }),
        daySlots: fc.integer({ min: 4, max: 96 }),
      })
      .map((layout) => limitsSchema.parse({ ...some, layout: { windowMs: 60_000, dayMs: 400_000, ...layout } })),
  );

describe('booking', () => {
  test('never goes over any limit in any sliding window, whoever sends when', () => {
    fc.assert(
      fc.property(
        limits,
        fc.integer(),
        fc.integer({ min: 1, max: 16 }),
        fc.constantFrom(0.2, 1, 3, 10),
        (limits, seed, replicas, demand) => {
          const result = simulate({
            limits,
            replicas,
            demand,
            operations: 600,
            maxTokens: (limits.tokensPerMinute ?? 10_000) / 3,
            maxAudioSeconds: (limits.audioSecondsPerMinute ?? 1200) / 3,
            disturbance: 0.01,
            random: seeded(seed),
          });
          for (const share of Object.values(result.worst)) expect(share).toBeLessThanOrEqual(1);
          expect(result.worstConcurrency).toBeLessThanOrEqual(1);
          expect(result.largestStateBytes).toBeLessThan(16_000);
        },
      ),
      { numRuns: 60 },
    );
  });
});
