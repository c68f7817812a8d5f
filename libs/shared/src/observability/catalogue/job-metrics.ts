import type { Queue } from '#shared/contracts/names';
import { COMPONENTS, type MetricSpec } from './metric-spec.ts';

/** What every stage has. */
export const JOB_METRICS = {
  podline_jobs_total: {
    type: 'counter',
    help: 'Settled deliveries of jobs, by how they were settled (ack, nak, dead-letter) and why.',
    labels: ['queue', 'result', 'reason'],
    from: COMPONENTS,
  },
  podline_job_redeliveries_total: {
    type: 'counter',
    help: 'Settled deliveries that were not the first of their job.',
    labels: ['queue'],
    from: COMPONENTS,
  },
  podline_jobs_in_flight: {
    type: 'gauge',
    help: 'Jobs this replica works on now.',
    labels: ['queue'],
    from: COMPONENTS,
  },
  podline_job_slots: {
    type: 'gauge',
    help: 'Jobs this replica would work on at once; 0 where it takes none.',
    labels: ['queue'],
    from: COMPONENTS,
  },
  podline_job_duration_seconds: {
    type: 'histogram',
    help: 'Time from delivery to settling. The buckets differ by queue.',
    labels: ['queue', 'result'],
    from: COMPONENTS,
    buckets: [0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  },
  podline_episode_duration_seconds: {
    type: 'histogram',
    help:
      'Time from publishing an episode to its end: done, rejected (its audio cannot be had) or failed (later). ' +
      'Counted by whoever ends it.',
    labels: ['result'],
    from: COMPONENTS,
    buckets: [30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400],
  },
} as const satisfies Record<string, MetricSpec>;

/** Seconds; a chunk takes an engine seconds to minutes, a webhook the network a moment. */
export const JOB_BUCKETS = {
  download: [0.05, 0.25, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  'transcribe-whisper': [0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1800],
  'transcribe-openai': [0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600, 1800],
  summarize: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
  webhook: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
} as const satisfies Record<Queue, readonly number[]>;
