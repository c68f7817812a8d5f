import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { SummaryProvider } from '../../apps/summarizer/src/summary-provider.ts';
import type { Limiter } from '../../apps/summarizer/src/openai/limiter.ts';
import type { measurementSchema } from './measurement.ts';
import type { z } from 'zod';

type Wanted = z.output<typeof measurementSchema>;

const MODEL = 'gpt-4o-mini';
const CALL_MS = 60_000;
const WAIT_MS = 300_000;
/** Window and guard of the limiter are in the proportion of its defaults. */
const GUARD_SHARE = 1500 / 60_000;

interface Opened {
  provider: SummaryProvider;
  close: () => Promise<void>;
}

/** What only one provider needs is loaded only for it: it would count as memory of the others. */
export async function openProvider(wanted: Wanted): Promise<Opened> {
  const { parallelism } = wanted;
  if (wanted.provider === 'extractive') {
    const { ExtractiveProvider } = await import('../../apps/summarizer/src/extractive/extractive-provider.ts');
    const provider = new ExtractiveProvider({ sentences: 7, parallelism });
    return { provider, close: () => provider.close() };
  }
  const { Gate } = await import('#shared/parallel/gate');
  const { localProvider } = await import('../../apps/summarizer/src/openai/local-provider.ts');
  const { openAiChatClient } = await import('../../apps/summarizer/src/openai/openai-chat-client.ts');
  const { openAiProvider } = await import('../../apps/summarizer/src/openai/openai-provider.ts');
  const { TEST_API_KEY: apiKey } = await import('../../test/support/openai-server/openai-server.ts');
  const { provider: name, api: baseURL = '', contextTokens } = wanted;
  const client = openAiChatClient({ provider: name, baseURL, apiKey, timeoutMs: CALL_MS });
  const { limiter, close } = wanted.limiter ? await clusterLimit(wanted.limiter) : await localLimit();
  const models = contextTokens === undefined ? undefined : new Map([[MODEL, { contextTokens }]]);
  const options = { model: MODEL, client, limiter, parts: new Gate(parallelism), sentences: 7, models };
  const provider = name === 'local' ? localProvider({ ...options, baseURL, apiKey }) : openAiProvider(options);
  return { provider, close };
}

interface OpenedLimiter {
  limiter: Limiter;
  close: () => Promise<void>;
}

async function localLimit(): Promise<OpenedLimiter> {
  const { LocalLimit } = await import('../../apps/summarizer/src/openai/local-limit.ts');
  return { limiter: new LocalLimit({ maxConcurrent: 64 }), close: async () => {} };
}

async function clusterLimit({ nats, endpoint, limits, windowMs }: NonNullable<Wanted['limiter']>) {
  const { connectNats } = await import('#shared/jetstream/connect');
  const { RateLimiter } = await import('#shared/rate-limit/rate-limiter');
  const { layoutSchema } = await import('#shared/rate-limit/window-layout');
  const { ClusterLimit } = await import('../../apps/summarizer/src/cluster-limit.ts');
  const { Budget } = await import('#shared/rate-limit/budget');
  // The limiter is new each time and says so: only its errors matter here.
  const log = pino({ level: 'error' }, pino.destination(2));
  const connection = await connectNats({ NATS_URL: nats }, `bench-${randomUUID()}`);
  const layout = { ...layoutSchema.parse({}), windowMs, guardMs: Math.round(windowMs * GUARD_SHARE) };
  const limiter = await RateLimiter.open({
    connection,
    endpoint,
    limits: { ...limits, layout },
    replicas: 1,
    callMs: CALL_MS,
    maxWaitMs: WAIT_MS,
    log,
  });
  const budget = await Budget.open({ connection, now: () => limiter.now(), log });
  // A new endpoint is closed for its first window: that is not part of what is measured.
  await (await limiter.acquire({ tokens: 1 })).release();
  return {
    limiter: new ClusterLimit({ limiter, budget, maxWaitMs: WAIT_MS, callMs: CALL_MS }),
    close: async () => {
      budget.close();
      await limiter.close();
      await connection.close();
    },
  };
}
