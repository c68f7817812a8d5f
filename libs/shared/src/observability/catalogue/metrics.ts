import { CLUSTER_METRICS } from './cluster-metrics.ts';
import { COST_METRICS } from './cost-metrics.ts';
import { JOB_METRICS } from './job-metrics.ts';
import { LIMITER_METRICS } from './limiter-metrics.ts';
import { PROCESS_METRICS } from './process-metrics.ts';
import { WORK_METRICS } from './work-metrics.ts';

/** The catalogue by topic, as `docs/metrics.md` shows it. */
export const METRIC_GROUPS = {
  'Jobs and episodes': JOB_METRICS,
  'The work': WORK_METRICS,
  'The rate limiter': LIMITER_METRICS,
  Money: COST_METRICS,
  'The cluster': CLUSTER_METRICS,
  'The process': PROCESS_METRICS,
} as const;

/** Every metric of podline. One that is not here can't be made: `counter`, `gauge` and `histogram` take these names. */
export const METRICS = {
  ...JOB_METRICS,
  ...WORK_METRICS,
  ...LIMITER_METRICS,
  ...COST_METRICS,
  ...CLUSTER_METRICS,
  ...PROCESS_METRICS,
} as const;

export type MetricName = keyof typeof METRICS;
