import { LIMITED, type MetricSpec } from './metric-spec.ts';

/** The cluster-wide rate limiter. What it shares (use, condition) is told by every replica: take the `max`. */
export const LIMITER_METRICS = {
  podline_limiter_permits_total: {
    type: 'counter',
    help: 'Permits asked for, by how that ended: granted, late, gave-up, cancelled, refused.',
    labels: ['endpoint', 'result'],
    from: LIMITED,
  },
  podline_limiter_waits_total: {
    type: 'counter',
    help: 'Permits that had to be waited for, by what held them up.',
    labels: ['endpoint', 'reason'],
    from: LIMITED,
  },
  podline_limiter_wait_seconds: {
    type: 'histogram',
    help: 'Time from asking for a permit to having it.',
    labels: ['endpoint'],
    from: LIMITED,
    buckets: [0.01, 0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300],
  },
  podline_limiter_waiting: {
    type: 'gauge',
    help: 'Calls of this replica that wait for a permit now.',
    labels: ['endpoint'],
    from: LIMITED,
  },
  podline_limiter_swaps_total: {
    type: 'counter',
    help: 'Compare-and-sets of the shared state: stored, conflict (another replica was faster), unknown (no answer).',
    labels: ['endpoint', 'result'],
    from: LIMITED,
  },
  podline_limiter_throttled_total: {
    type: 'counter',
    help: 'Answers 429 (over_limit="true") and 503 of the provider; each pauses the whole cluster for a while.',
    labels: ['endpoint', 'over_limit'],
    from: LIMITED,
  },
  podline_limiter_stopped_total: {
    type: 'counter',
    help: 'Times the provider would not serve the account any more (quota exhausted).',
    labels: ['endpoint'],
    from: LIMITED,
  },
  podline_limiter_rebuilt_total: {
    type: 'counter',
    help: 'Times an unusable shared state was made anew.',
    labels: ['endpoint'],
    from: LIMITED,
  },
  podline_limiter_used: {
    type: 'gauge',
    help: 'How much of each limit is used in the window that ends now. Cluster-wide.',
    labels: ['endpoint', 'limit'],
    from: LIMITED,
  },
  podline_limiter_limit: {
    type: 'gauge',
    help: 'Each limit that is in force. Cluster-wide.',
    labels: ['endpoint', 'limit'],
    from: LIMITED,
  },
  podline_limiter_factor: {
    type: 'gauge',
    help: 'Share of the limits in use after 429s, 0 to 1. Cluster-wide.',
    labels: ['endpoint'],
    from: LIMITED,
  },
  podline_limiter_condition: {
    type: 'gauge',
    help:
      '1 for the condition the endpoint is in, 0 for the others: open, closed (state made anew), throttled, stopped ' +
      '(quota), paused (operator), unknown. Cluster-wide.',
    labels: ['endpoint', 'condition'],
    from: LIMITED,
  },
} as const satisfies Record<string, MetricSpec>;
