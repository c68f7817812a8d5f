/**
 * Books millions of permits with the time made up, and looks for a window that holds too much:
 *
 *     node --conditions=podline-source bench/limiter/simulate.ts                       # a million operations
 *     node --conditions=podline-source bench/limiter/simulate.ts --operations 10000000 --seed 7
 *
 * Ends with 1 where one was found.
 */
import { parseArgs } from 'node:util';
import { type Limits, type LimitsInput, limitsSchema } from '#shared/rate-limit/limits';
import { seeded } from './random.ts';
import { simulate } from './simulated-endpoint.ts';

/** Operations of one run: a new set of limits is drawn for each. */
const RUN = 20_000;

const { values } = parseArgs({
  options: { operations: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const operations = Number(values.operations);
const random = seeded(Number(values.seed));
const started = performance.now();
const totals = { operations: 0, grants: 0, settled: 0, worst: 0, worstConcurrency: 0, largestStateBytes: 0 };

while (totals.operations < operations) {
  const limits = drawLimits();
  const result = simulate({
    limits,
    replicas: pick(1, 16),
    operations: RUN,
    demand: [0.2, 1, 3, 10][pick(0, 3)] ?? 3,
    maxTokens: (limits.tokensPerMinute ?? 10_000) / 3,
    maxAudioSeconds: (limits.audioSecondsPerMinute ?? 1200) / 3,
    disturbance: [0, 0.001, 0.01][pick(0, 2)] ?? 0,
    random,
  });
  totals.operations += RUN;
  totals.grants += result.grants;
  totals.settled += result.settled;
  totals.worst = Math.max(totals.worst, ...Object.values(result.worst));
  totals.worstConcurrency = Math.max(totals.worstConcurrency, result.worstConcurrency);
  totals.largestStateBytes = Math.max(totals.largestStateBytes, result.largestStateBytes);
  if (totals.worst > 1 || totals.worstConcurrency > 1) {
    console.error('A window held more than its limit:', JSON.stringify({ limits, result }, undefined, 2));
    process.exitCode = 1;
    break;
  }
}
console.log(
  JSON.stringify({ seed: values.seed, ...totals, seconds: Math.round((performance.now() - started) / 1000) }),
);

function drawLimits(): Limits {
  const maybe = (limit: number): number | undefined => (random() < 0.5 ? limit : undefined);
  const limits: LimitsInput = {
    requestsPerMinute: maybe(pick(1, 600)),
    tokensPerMinute: maybe(pick(1000, 500_000)),
    audioSecondsPerMinute: maybe(pick(100, 20_000)),
    requestsPerDay: maybe(pick(10, 5000)),
    audioSecondsPerDay: maybe(pick(1000, 200_000)),
    maxConcurrent: maybe(pick(1, 50)),
    mode: random() < 0.8 ? 'adaptive' : 'conservative',
    refundTokens: random() < 0.5,
    layout: { windowMs: 60_000, guardMs: pick(50, 3000), slots: pick(4, 90), dayMs: 600_000, daySlots: pick(4, 96) },
  };
  return limitsSchema.parse(limits);
}

function pick(least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
