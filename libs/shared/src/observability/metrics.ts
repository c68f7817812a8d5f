import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Queue } from '#shared/contracts/names';
import type { JobObserver } from '#shared/jetstream/job-runner';
import { JOB_BUCKETS } from './catalogue/job-metrics.ts';
import { counter, gauge, histogram } from './instruments.ts';

/**
 * How often Node looks how late its event loop is, in milliseconds. Every 10, as is usual, are 7 ms of processor time a
 * second, which is more than all else an idle service does.
 */
const LAG_INTERVAL_MS = 100;

/**
 * One registry a process, with Node's own metrics in it. The label is not called `service`: Prometheus in Kubernetes sets
 * that one itself, and would rename ours.
 */
export function createRegistry(component: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_INTERVAL_MS });
  return registry;
}

/** The metrics every stage has: jobs by result, their duration, how many run and may run, how many came again. */
export function jobMetrics(registry: Registry, queue: Queue, slots: number): JobObserver {
  const jobs = counter(registry, 'podline_jobs_total');
  const redelivered = counter(registry, 'podline_job_redeliveries_total');
  const running = gauge(registry, 'podline_jobs_in_flight');
  const duration = histogram(registry, 'podline_job_duration_seconds', JOB_BUCKETS[queue]);
  gauge(registry, 'podline_job_slots').set({ queue }, slots);
  // A counter that appears with its first event has no rate for it: begin with 0.
  running.set({ queue }, 0);
  redelivered.inc({ queue }, 0);
  for (const result of ['ack', 'nak', 'dead-letter']) jobs.inc({ queue, result, reason: 'none' }, 0);
  duration.zero({ queue, result: 'ack' });
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
