import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '#shared/client/open-client';
import { TEST_API_KEY } from '../../test/support/openai-server/openai-server.ts';
import type { ServerStats } from '../../test/support/openai-server/server-stats.ts';
import { startServiceStack } from '../../test/support/service-stack.ts';
import { startApiProcess } from '../limiter/api-process.ts';
import { publishEpisodes, seedEpisodes } from './seed-episodes.ts';

export interface Load {
  episodes: number;
  requestsPerMinute: number;
  latencyMs: number;
}

export interface OpenaiScenario {
  name: string;
  replicas: number;
  maxConcurrent: number;
}

/** One line of the table. */
export interface OpenaiResult {
  name: string;
  /** From the first episode's publishing to the last transcript. */
  seconds: number;
  /** Requests a second between the first and the last, over what the limit allows. */
  use: number;
  /** The fullest window over the limit. */
  most: number;
  mostAtOnce: number;
  calls: number;
  /** Calls that were answered with an error, and episodes that failed. */
  failures: number;
  refused: number;
}

const WINDOW_MS = 60_000;
const ENDPOINT = 'openai.transcription';
const POLL_MS = 100;
/** Longest run, in milliseconds. */
const LONGEST_MS = 30 * 60_000;

/** Runs one scenario with real processes, from episodes that are cut to the last one's transcript. */
export async function runReplicas(scenario: OpenaiScenario, load: Load): Promise<OpenaiResult> {
  const limits = { windowMs: WINDOW_MS, requests: load.requestsPerMinute, concurrent: scenario.maxConcurrent };
  const api = await startApiProcess({ latencyMs: load.latencyMs, limits });
  const stack = await startServiceStack(
    {
      OPENAI_API_KEY: TEST_API_KEY,
      OPENAI_BASE_URL: api.baseUrl,
      OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: String(load.requestsPerMinute),
      OPENAI_TRANSCRIBE_MAX_CONCURRENT: String(scenario.maxConcurrent),
      OPENAI_TRANSCRIBE_MAX_ACK_PENDING: String(Math.max(64, 2 * scenario.maxConcurrent)),
      ACK_WAIT_SECONDS: '30',
    },
    [],
  );
  try {
    await Promise.all(Array.from({ length: scenario.replicas }, () => stack.start('transcriber-openai')));
    const manifests = await seedEpisodes(stack.client, load.episodes);
    // The API is as new as the endpoint: nothing was sent to it before.
    await stack.client.limits.open(ENDPOINT);
    await untilOpen(stack.client);
    const started = performance.now();
    await publishEpisodes(stack.client, manifests);
    const failed = await untilTranscribed(stack.client, load.episodes, stack.logs);
    const seconds = (performance.now() - started) / 1000;
    return measured(scenario.name, seconds, await api.stats(), load, failed);
  } finally {
    await stack.stop();
    await api.stop();
  }
}

/** What the API saw, as a line of the table. */
export function measured(name: string, seconds: number, stats: ServerStats, load: Load, failed: number): OpenaiResult {
  const times = stats.arrivals.map(({ at }) => at).toSorted((a, b) => a - b);
  const spanMinutes = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 60_000;
  const answered = stats.arrivals.filter(({ status }) => status === 200).length;
  return {
    name,
    seconds,
    use: (times.length - 1) / spanMinutes / load.requestsPerMinute,
    most: stats.mostInAnyWindow.requests / load.requestsPerMinute,
    mostAtOnce: stats.mostConcurrent,
    calls: times.length,
    failures: times.length - answered + failed,
    refused: stats.overLimit.requests + stats.overLimit.concurrent,
  };
}

async function untilOpen({ limits }: Client): Promise<void> {
  for (;;) {
    const [report] = await limits.show(ENDPOINT);
    if (report?.status?.condition === 'open') return;
    await delay(POLL_MS);
  }
}

/** @returns how many episodes failed. */
async function untilTranscribed({ episodes }: Client, count: number, logs: string): Promise<number> {
  const over = new Map<string, boolean>();
  for await (const { episodeId, status } of episodes.watch('>', AbortSignal.timeout(LONGEST_MS))) {
    if (status === 'summarizing' || status === 'done') over.set(episodeId, true);
    if (status === 'failed') over.set(episodeId, false);
    if (over.size === count) return [...over.values()].filter((ok) => !ok).length;
  }
  throw new Error(`Only ${over.size} of ${count} episodes were transcribed within 30 minutes; see ${logs}`);
}
