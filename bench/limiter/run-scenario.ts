import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'nats';
import { openLimitsBucket } from '#shared/rate-limit/limits-bucket';
import { limitsSchema } from '#shared/rate-limit/limits';
import { startNatsCluster } from '../../test/support/nats-cluster.ts';
import { type NatsServer, startNatsServer } from '../../test/support/nats-server.ts';
import type { ServerStats } from '../../test/support/openai-server/server-stats.ts';
import { startApiProcess } from './api-process.ts';
import { percentile } from '../suite/statistics.ts';
import { jainIndex, type LimitsEra, worstWindow } from './measure.ts';
import { Replicas } from './replicas.ts';
import type { Scale, Scenario, Stage } from './scenario.ts';

/** One line of the table. Shares are of 1, times in milliseconds. */
export interface ScenarioResult {
  name: string;
  what: string;
  replicas: number;
  /** Most in any window over the limit; at most 1, or the promise is broken. */
  worstRequests: number;
  worstTokens: number | undefined;
  worstConcurrent: number | undefined;
  useRequests: number;
  useTokens: number | undefined;
  swapsPerGrant: number;
  waitP50Ms: number;
  waitP99Ms: number;
  jain: number;
  refused: number;
  late: number;
  /**
   * Longest way from the last check of a permit to the API, both ends on this machine. The promise holds while it is
   * under half the guard; more means that the machine was too busy for this bench.
   */
  longestWayMs: number;
  /** Longest time in which nothing arrived. */
  longestGapMs: number;
  notes: string[];
}

const ENDPOINT = 'bench.calls';

/** Runs one scenario with real processes, from an empty NATS to the last answer. */
export async function runScenario(
  scenario: Scenario,
  scale: Scale,
  newNats: string | undefined,
): Promise<ScenarioResult> {
  const cluster = scenario.cluster ? await startNatsCluster(3, { binary: newNats }) : undefined;
  const nats: NatsServer[] = cluster?.servers ?? [await startNatsServer()];
  const limits = limitsSchema.parse({
    ...scenario.limits(scale),
    layout: { windowMs: scale.windowMs, guardMs: scale.guardMs },
  });
  const { windowMs } = scale;
  const allowed = { requests: limits.requestsPerMinute, tokens: limits.tokensPerMinute };
  const api = await startApiProcess({
    latencyMs: scenario.latencyMs,
    limits: { windowMs, ...allowed, concurrent: limits.maxConcurrent },
  });
  const perSecond = (scenario.demand * scale.requests * 1000) / windowMs / scenario.replicas;
  const replicas = new Replicas(
    Array.from({ length: scenario.replicas }, (_, index) => ({
      natsUrls: nats.map(({ url }) => url),
      natsReplicas: cluster ? 3 : 1,
      apiBaseUrl: api.baseUrl,
      endpoint: ENDPOINT,
      limits,
      callsPerSecond: perSecond,
      maxTokens: scenario.maxTokens ?? 10,
      callMs: scenario.callMs ?? 10_000,
      clockSkewMs: scenario.clockSkewMs?.(index) ?? 0,
    })),
  );
  const connection = await connect({
    servers: nats.map(({ url }) => url),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
  });
  const eras: LimitsEra[] = [{ from: 0, ...allowed }];
  const notes: string[] = [];
  try {
    replicas.startAll();
    const openedAt = await firstArrival(api, windowMs);
    const stage: Stage = {
      replicas,
      api,
      nats,
      bucket: await openLimitsBucket(connection),
      endpoint: ENDPOINT,
      scale,
      windows: (count) => delay(count * windowMs),
      limitsChanged: (era) => void eras.push(era),
      note: (text) => void notes.push(text),
    };
    await delay(windowMs);
    await Promise.all([scenario.disturb?.(stage), delay(scenario.windows * windowMs)]);
    const endedAt = Date.now();
    const stats = await api.stats();
    await replicas.stopAll();
    return summarize(scenario, {
      stats,
      replicas,
      eras,
      notes,
      windowMs,
      limits: allowed,
      maxConcurrent: limits.maxConcurrent,
      from: openedAt + windowMs,
      to: endedAt,
    });
  } finally {
    await replicas.stopAll();
    await connection.close();
    await api.stop();
    if (cluster) await cluster.stop();
    else await nats[0]?.stop();
  }
}

async function firstArrival(api: { stats(): Promise<ServerStats> }, windowMs: number): Promise<number> {
  const until = Date.now() + 3 * windowMs + 30_000;
  while (Date.now() < until) {
    const [first] = (await api.stats()).arrivals;
    if (first) return first.at;
    await delay(100);
  }
  throw new Error('No request arrived: the replicas did not get to work.');
}

interface Measured {
  stats: ServerStats;
  replicas: Replicas;
  eras: LimitsEra[];
  notes: string[];
  windowMs: number;
  limits: { requests: number | undefined; tokens: number | undefined };
  maxConcurrent: number | undefined;
  /** The time in which use, waits and fairness are measured. */
  from: number;
  to: number;
}

function summarize(scenario: Scenario, measured: Measured): ScenarioResult {
  const { stats, replicas, eras, notes, windowMs, limits, maxConcurrent, from, to } = measured;
  const inTime = ({ at }: { at: number }): boolean => at >= from && at < to;
  const arrivals = stats.arrivals.filter(inTime);
  const windows = (to - from) / windowMs;
  const worst = worstWindow(stats.arrivals, eras, windowMs);
  const sent = replicas.logs.map((log) => log.sent.filter(inTime));
  const waits = sent.flat().map(({ waitedMs }) => waitedMs);
  const total = (count: (log: Replicas['logs'][number]) => number): number =>
    replicas.logs.reduce((sum, log) => sum + count(log), 0);
  const tokens = arrivals.reduce((sum, arrival) => sum + arrival.tokens, 0);
  return {
    name: scenario.name,
    what: scenario.what,
    replicas: scenario.replicas,
    worstRequests: worst.requests,
    worstTokens: limits.tokens === undefined ? undefined : worst.tokens,
    worstConcurrent: maxConcurrent === undefined ? undefined : stats.mostConcurrent / maxConcurrent,
    useRequests: arrivals.length / windows / (limits.requests ?? Number.NaN),
    useTokens: limits.tokens === undefined ? undefined : tokens / windows / limits.tokens,
    swapsPerGrant: total(({ swaps }) => swaps) / total((log) => log.sent.length),
    waitP50Ms: percentile(waits, 0.5),
    waitP99Ms: percentile(waits, 0.99),
    jain: jainIndex(sent.filter((_, index) => replicas.logs[index]?.disturbed === false).map(({ length }) => length)),
    refused: stats.overLimit.requests + stats.overLimit.tokens + stats.overLimit.concurrent,
    late: total(({ late }) => late),
    longestWayMs: Math.max(...stats.arrivals.map(({ at, sentAt }) => at - (sentAt ?? at))),
    longestGapMs: longestGap(arrivals),
    notes,
  };
}

function longestGap(arrivals: readonly { at: number }[]): number {
  const times = arrivals.map(({ at }) => at).toSorted((a, b) => a - b);
  return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}
