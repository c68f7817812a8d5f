import { parseArgs } from 'node:util';
import { ExtractiveProvider } from '../../../apps/summarizer/src/extractive/extractive-provider.ts';
import type { SummaryProvider } from '../../../apps/summarizer/src/summary-provider.ts';
import { longTranscript } from './long-transcript.ts';

/**
 * Time and memory of one provider on a made-up transcript, to be run in a process of its own:
 *
 *     node dist/bench/eval/summaries/measure.js --provider extractive --parallelism 2
 *     node dist/bench/eval/summaries/measure.js --provider local --context 8192 --latency 2000 --parallelism 4
 *
 * The models answer from a test server in this process, so its memory holds the server, too.
 */
const { values } = parseArgs({
  options: {
    provider: { type: 'string', default: 'extractive' },
    parallelism: { type: 'string', default: '1' },
    hours: { type: 'string', default: '3' },
    /** Milliseconds each answer takes. */
    latency: { type: 'string', default: '0' },
    /** Tokens; the model's own where unset. */
    context: { type: 'string' },
    /** Calls at once and a minute that the limiter lets through. */
    concurrent: { type: 'string', default: '64' },
    rpm: { type: 'string' },
    repeat: { type: 'string', default: '1' },
  },
});

const input = longTranscript(Number(values.hours));
const signal = new AbortController().signal;
const parallelism = Number(values.parallelism);
const { provider, stats, close } = await (values.provider === 'extractive' ? extractive() : chat());

for (let run = 0; run < Number(values.repeat); run++) {
  const started = performance.now();
  const { figures } = await provider.summarize(input, { signal });
  console.log(
    JSON.stringify({
      provider: provider.name,
      parallelism,
      seconds: Math.round(performance.now() - started) / 1000,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      parts: figures.parts,
      calls: figures.calls,
      promptTokens: figures.promptTokens,
      waitSeconds: figures.measured?.waitSeconds,
      ...stats(),
    }),
  );
}
await close();

interface Measured {
  provider: SummaryProvider;
  stats: () => object;
  close: () => Promise<void>;
}

async function extractive(): Promise<Measured> {
  const provider = new ExtractiveProvider({ sentences: 7, parallelism });
  return { provider, stats: () => ({}), close: () => provider.close() };
}

/** What only these need is loaded only here: it would count as memory of the other. */
async function chat(): Promise<Measured> {
  const { LocalLimit } = await import('../../../apps/summarizer/src/openai/local-limit.ts');
  const { localProvider } = await import('../../../apps/summarizer/src/openai/local-provider.ts');
  const { openAiChatClient } = await import('../../../apps/summarizer/src/openai/openai-chat-client.ts');
  const { openAiProvider } = await import('../../../apps/summarizer/src/openai/openai-provider.ts');
  const { obedientModel } = await import('../../../test/support/obedient-model.ts');
  const { startOpenaiServer, TEST_API_KEY } = await import('../../../test/support/openai-server/openai-server.ts');
  const api = await startOpenaiServer({
    latencyMs: Number(values.latency),
    complete: obedientModel,
    models: ['gpt-4o-mini', 'default'],
  });
  const name = values.provider === 'local' ? 'local' : 'openai';
  const shared = {
    client: openAiChatClient({ provider: name, baseURL: api.baseUrl, apiKey: TEST_API_KEY, timeoutMs: 600_000 }),
    limiter: new LocalLimit({
      maxConcurrent: Number(values.concurrent),
      requestsPerMinute: values.rpm === undefined ? undefined : Number(values.rpm),
    }),
    parallelism,
    sentences: 7,
    contextTokens: values.context === undefined ? undefined : Number(values.context),
  };
  return {
    provider:
      name === 'local'
        ? localProvider({ ...shared, model: 'default', baseURL: api.baseUrl, apiKey: TEST_API_KEY })
        : openAiProvider({ ...shared, model: 'gpt-4o-mini' }),
    stats: () => ({ mostConcurrent: api.stats().mostConcurrent, requests: api.stats().requests }),
    close: () => api.close(),
  };
}
