import { createInterface } from 'node:readline';
import { startNatsServer } from '../../test/support/nats-server.ts';
import type { ServerStats } from '../../test/support/openai-server/server-stats.ts';
import { startApiProcess } from '../limiter/api-process.ts';
import { startScript } from '../limiter/start-script.ts';
import { type Measured, measuredSchema, type Measurement } from './measurement.ts';
import type { Scenario } from './scenarios.ts';

/** What the API saw, over all replicas. */
export interface ApiFigures {
  requests: number;
  mostConcurrent: number;
  /** Requests it refused for its own limits. */
  refused: number;
  /** The fullest sliding window over the limit; undefined without one. */
  mostRequests?: number;
  mostTokens?: number;
}

export interface ScenarioResult {
  group: string;
  name: string;
  replicas: number;
  /** One for each summary, in order; replicas one after the other. */
  runs: Measured[];
  api: ApiFigures | undefined;
}

/** Runs the processes of one scenario against an API that takes so long for each answer. */
export async function runScenario(
  { group, name, measurement, replicas = 1, limits }: Scenario,
  latencyMs: number,
): Promise<ScenarioResult> {
  if (measurement.provider === 'extractive') {
    return { group, name, replicas, runs: await measure(measurement), api: undefined };
  }
  const serverLimits = limits
    ? {
        windowMs: limits.windowMs,
        requests: limits.requestsPerMinute,
        tokens: limits.tokensPerMinute,
        concurrent: limits.maxConcurrent,
      }
    : { windowMs: 60_000 };
  const api = await startApiProcess({ latencyMs, limits: serverLimits, obedient: true });
  const nats = limits && (await startNatsServer());
  try {
    const limiter = limits && nats && { nats: nats.url, endpoint: 'bench.summaries', ...limiterLimits(limits) };
    const wanted: Measurement = { ...measurement, api: api.baseUrl, ...(limiter ? { limiter } : {}) };
    const runs = await Promise.all(Array.from({ length: replicas }, () => measure(wanted)));
    return { group, name, replicas, runs: runs.flat(), api: figuresOf(await api.stats(), serverLimits) };
  } finally {
    await api.stop();
    await nats?.stop();
  }
}

function limiterLimits({ windowMs, ...limits }: NonNullable<Scenario['limits']>) {
  return { windowMs, limits };
}

function figuresOf(stats: ServerStats, limits: { requests?: number; tokens?: number }): ApiFigures {
  const { requests, tokens } = stats.mostInAnyWindow;
  return {
    requests: stats.requests,
    mostConcurrent: stats.mostConcurrent,
    refused: Object.values(stats.overLimit).reduce((sum, count) => sum + count, 0),
    ...(limits.requests === undefined ? {} : { mostRequests: requests / limits.requests }),
    ...(limits.tokens === undefined ? {} : { mostTokens: tokens / limits.tokens }),
  };
}

async function measure(measurement: Measurement): Promise<Measured[]> {
  const child = startScript('../summaries/measure', measurement);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const { exitCode } = await child;
  if (exitCode !== 0 || lines.length === 0) {
    throw new Error(`Measuring ${JSON.stringify(measurement)} ended with ${exitCode} and ${lines.length} results.`);
  }
  return lines.map((line) => measuredSchema.parse(JSON.parse(line)));
}
