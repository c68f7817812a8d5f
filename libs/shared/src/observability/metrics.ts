import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Queue } from '#shared/contracts/names';
import type { JobObserver } from '#shared/jetstream/job-runner';

/** One registry a process, with Node's own metrics in it. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Seconds; from a no-op to an hour. */
const JOB_BUCKETS = [0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** The metrics every stage has: jobs by result, their duration, how many run, how many came again. */
export function jobMetrics(registry: Registry): JobObserver {
  const registers = [registry];
  const jobs = new Counter({
    name: 'podline_jobs_total',
    help: 'Settled deliveries of jobs, by how they were settled and why.',
    labelNames: ['queue', 'result', 'reason'],
    registers,
  });
  const redelivered = new Counter({
    name: 'podline_job_redeliveries_total',
    help: 'Settled deliveries that were not the first of their job.',
    labelNames: ['queue'],
    registers,
  });
  const running = new Gauge({
    name: 'podline_jobs_in_flight',
    help: 'Jobs at work now.',
    labelNames: ['queue'],
    registers,
  });
  const duration = new Histogram({
    name: 'podline_job_duration_seconds',
    help: 'Time from delivery to settling.',
    labelNames: ['queue', 'result'],
    buckets: JOB_BUCKETS,
    registers,
  });
  return {
    started: (queue: Queue) => running.inc({ queue }),
    settled: (queue, result, reason, seconds, again) => {
      running.dec({ queue });
      jobs.inc({ queue, result, reason: reason ?? 'none' });
      duration.observe({ queue, result }, seconds);
      if (again) redelivered.inc({ queue });
    },
  };
}
