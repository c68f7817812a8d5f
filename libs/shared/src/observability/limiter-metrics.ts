import { Counter, Histogram, type Registry } from 'prom-client';
import type { LimiterObserver } from '#shared/rate-limit/limiter-observer';

/** Seconds; from at once to the longest configured wait. */
const WAIT_BUCKETS = [0.01, 0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** The metrics of one endpoint's limiter: permits by result, waits, compare-and-sets, and what the provider said. */
export function limiterMetrics(registry: Registry, endpoint: string): LimiterObserver {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, label?: Label) =>
    new Counter({ name, help, labelNames: ['endpoint', ...(label === undefined ? [] : [label])], registers });
  const permits = counter('podline_limiter_permits_total', 'Permits asked for, by how that ended.', 'result');
  const held = counter(
    'podline_limiter_waits_total',
    'Permits that had to be waited for, by what held them up.',
    'reason',
  );
  const swaps = counter('podline_limiter_swaps_total', 'Compare-and-sets of the shared state, by result.', 'result');
  const throttled = counter('podline_limiter_throttled_total', 'Answers 429 and 503 of the provider.', 'over_limit');
  const stopped = counter('podline_limiter_stopped_total', 'Times the provider would not serve the account any more.');
  const rebuilt = counter('podline_limiter_rebuilt_total', 'Times an unusable shared state was made anew.');
  const waits = new Histogram({
    name: 'podline_limiter_wait_seconds',
    help: 'Time from asking for a permit to having it.',
    labelNames: ['endpoint'],
    buckets: WAIT_BUCKETS,
    registers,
  });
  return {
    permit: (result, waitSeconds) => {
      permits.inc({ endpoint, result });
      if (result === 'granted') waits.observe({ endpoint }, waitSeconds);
    },
    waits: (reason) => held.inc({ endpoint, reason }),
    swap: (result) => swaps.inc({ endpoint, result }),
    throttled: (overLimit) => throttled.inc({ endpoint, over_limit: String(overLimit) }),
    stopped: () => stopped.inc({ endpoint }),
    rebuilt: () => rebuilt.inc({ endpoint }),
  };
}
