import type { Limits, Measurement } from './measurement.ts';

/** One row of the table: what is measured, by how many processes at once. */
export interface Scenario {
  group: string;
  name: string;
  measurement: Omit<Measurement, 'api' | 'limiter'>;
  /** Processes that each summarize an episode at the same time, as replicas do. */
  replicas?: number;
  /** The cluster-wide limiter's, and the server's own, each for one window. Unset: no limiter, no limits. */
  limits?: Limits & { windowMs: number };
}

const HOURS = 3;
/** Of a small local model. */
const SMALL_CONTEXT = 8192;
/** Limits nobody runs into, of a short window: a new limiter is closed for one. */
const ROOMY = { requestsPerMinute: 1000, tokensPerMinute: 10_000_000, maxConcurrent: 16, windowMs: 5000 };
/** The summarizer's defaults. */
const DEFAULT_LIMITS = { requestsPerMinute: 50, tokensPerMinute: 100_000, maxConcurrent: 5, windowMs: 60_000 };

const extractive = (parallelism: number): Scenario => ({
  group: 'extractive',
  name: `${parallelism} ${parallelism === 1 ? 'thread' : 'threads'}`,
  measurement: { provider: 'extractive', parallelism, hours: HOURS, repeat: 3 },
});

const inParts = (provider: 'openai' | 'local', parallelism: number, limits?: Scenario['limits']): Scenario => ({
  group: `${provider}, context of ${SMALL_CONTEXT}`,
  name: `${parallelism} at once`,
  measurement: { provider, parallelism, hours: HOURS, contextTokens: SMALL_CONTEXT },
  ...(limits === undefined ? {} : { limits }),
});

/** A 3-hour transcript through every provider. */
export const SCENARIOS: readonly Scenario[] = [
  extractive(1),
  extractive(2),
  {
    group: 'openai, context of 128,000',
    name: 'one call',
    measurement: { provider: 'openai', parallelism: 1, hours: HOURS },
    limits: ROOMY,
  },
  ...[1, 2, 4, 8].map((parallelism) => inParts('openai', parallelism, ROOMY)),
  ...[1, 2, 4, 8].map((parallelism) => inParts('local', parallelism)),
  {
    ...inParts('openai', 8, DEFAULT_LIMITS),
    group: `openai, context of ${SMALL_CONTEXT}, default limits`,
    name: '2 replicas, 8 at once each',
    replicas: 2,
  },
];
