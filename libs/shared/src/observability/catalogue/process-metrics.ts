import { COMPONENTS, type MetricSpec } from './metric-spec.ts';

/** What every process has besides Node's own `process_*` and `nodejs_*` (memory, CPU, garbage collection, event loop). */
export const PROCESS_METRICS = {
  podline_build_info: {
    type: 'gauge',
    help: 'Always 1; the labels say which podline runs on which Node.',
    labels: ['version', 'node'],
    from: COMPONENTS,
  },
  podline_nats_connected: {
    type: 'gauge',
    help: '1 while the connection to NATS stands, else 0.',
    labels: [],
    from: COMPONENTS,
  },
} as const satisfies Record<string, MetricSpec>;
