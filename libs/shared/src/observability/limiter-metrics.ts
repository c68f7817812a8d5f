import type { Registry } from 'prom-client';
import type { LimiterObserver } from '#shared/rate-limit/limiter-observer';
import type { RateLimiter } from '#shared/rate-limit/rate-limiter';
import { counter, gauge, histogram } from './instruments.ts';

const CONDITIONS = ['open', 'closed', 'throttled', 'stopped', 'paused', 'unknown'] as const;

/** The metrics of one endpoint's limiter: permits by result, waits, compare-and-sets, and what the provider said. */
export function limiterMetrics(registry: Registry, endpoint: string): LimiterObserver {
  const permits = counter(registry, 'podline_limiter_permits_total');
  const held = counter(registry, 'podline_limiter_waits_total');
  const swaps = counter(registry, 'podline_limiter_swaps_total');
  const throttled = counter(registry, 'podline_limiter_throttled_total');
  const stopped = counter(registry, 'podline_limiter_stopped_total');
  const rebuilt = counter(registry, 'podline_limiter_rebuilt_total');
  const waits = histogram(registry, 'podline_limiter_wait_seconds');
  // A counter that appears with its first event has no rate for it: begin with 0.
  for (const result of ['granted', 'gave-up', 'refused']) permits.inc({ endpoint, result }, 0);
  for (const reason of ['rate', 'stopped', 'unavailable']) held.inc({ endpoint, reason }, 0);
  for (const result of ['stored', 'conflict', 'unknown']) swaps.inc({ endpoint, result }, 0);
  for (const overLimit of ['true', 'false']) throttled.inc({ endpoint, over_limit: overLimit }, 0);
  stopped.inc({ endpoint }, 0);
  rebuilt.inc({ endpoint }, 0);
  waits.zero({ endpoint });
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

/** What the replicas share of an endpoint: limits, their use, and whether anything may be sent. Read at each scrape. */
export function limiterStatusMetrics(registry: Registry, endpoint: string, limiter: Pick<RateLimiter, 'status'>): void {
  gauge(registry, 'podline_limiter_waiting', (waiting) => waiting.set({ endpoint }, limiter.status().waiting));
  gauge(registry, 'podline_limiter_used', (used) => {
    for (const [limit, use] of usesOf(limiter)) used.set({ endpoint, limit }, use.used);
  });
  gauge(registry, 'podline_limiter_limit', (limits) => {
    // A limit that was lifted must not be shown for ever.
    limits.reset();
    for (const [limit, use] of usesOf(limiter)) limits.set({ endpoint, limit }, use.limit);
  });
  gauge(registry, 'podline_limiter_factor', (factor) => {
    factor.set({ endpoint }, limiter.status().endpoint?.factor ?? 1);
  });
  gauge(registry, 'podline_limiter_condition', (gauge) => {
    const now = limiter.status().endpoint?.condition ?? 'unknown';
    for (const condition of CONDITIONS) gauge.set({ endpoint, condition }, condition === now ? 1 : 0);
  });
}

function usesOf(limiter: Pick<RateLimiter, 'status'>) {
  return Object.entries(limiter.status().endpoint?.use ?? {});
}
