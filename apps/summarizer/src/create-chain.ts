import { SECOND } from '#shared/config/defaults';
import type { SummarizerConfig } from '#shared/config/summarizer';
import type { SummaryProvider as ProviderName } from '#shared/contracts/names';
import { PermanentError, PodlineError } from '#shared/errors';
import type { Budget } from '#shared/rate-limit/budget';
import type { RateLimiter } from '#shared/rate-limit/rate-limiter';
import { ClusterLimit } from './cluster-limit.ts';
import { ExtractiveProvider } from './extractive/extractive-provider.ts';
import { LocalLimit } from './openai/local-limit.ts';
import { localProvider } from './openai/local-provider.ts';
import { openAiChatClient } from './openai/openai-chat-client.ts';
import { openAiProvider } from './openai/openai-provider.ts';
import type { SummarizeWork } from './summarize-episode.ts';
import type { SummaryProvider } from './summary-provider.ts';

/** Longest time one answer may take, in milliseconds. */
const CALL_TIMEOUT_MS = 180_000;
const MAX_PROVIDERS = 32;

/**
 * Makes the providers that are configured.
 * @returns who is asked for a job that names one: that one, then the configured fallbacks.
 */
export function createChain(
  config: SummarizerConfig,
  { limiter, budget }: { limiter: RateLimiter; budget: Budget },
): SummarizeWork['chain'] {
  const shared = { parallelism: config.SUMMARY_CHUNK_PARALLELISM, sentences: config.SUMMARY_SENTENCES };
  const maxWaitMs = config.RATE_LIMIT_WAIT_SECONDS * SECOND;
  const limit = new ClusterLimit({ limiter, budget, maxWaitMs, callMs: CALL_TIMEOUT_MS });
  const localLimit = new LocalLimit({ maxConcurrent: config.LOCAL_SUMMARY_MAX_CONCURRENT });
  const make: Record<ProviderName, (model: string | undefined) => SummaryProvider> = {
    extractive: () => new ExtractiveProvider(shared),
    openai: (model = config.OPENAI_SUMMARY_MODEL) => {
      const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = config;
      if (apiKey === undefined) throw notConfigured('openai', 'OPENAI_API_KEY');
      const client = openAiChatClient({ provider: 'openai', baseURL, apiKey, timeoutMs: CALL_TIMEOUT_MS });
      return stopsWithQuota(openAiProvider({ ...shared, model, client, limiter: limit }), limiter);
    },
    local: (model = config.LOCAL_SUMMARY_MODEL) => {
      const baseURL = config.LOCAL_SUMMARY_BASE_URL;
      if (baseURL === undefined) throw notConfigured('local', 'LOCAL_SUMMARY_BASE_URL');
      const client = openAiChatClient({ provider: 'local', baseURL, timeoutMs: CALL_TIMEOUT_MS });
      return localProvider({ ...shared, model, client, baseURL, limiter: localLimit });
    },
  };
  const providers = new Map<string, SummaryProvider>();
  const provider = (name: ProviderName, model?: string): SummaryProvider => {
    const key = `${name} ${model ?? ''}`;
    const known = providers.get(key) ?? make[name](model);
    // Model names come from requests: keep the few that are used, never all that ever were.
    if (providers.size >= MAX_PROVIDERS) providers.clear();
    providers.set(key, known);
    return known;
  };
  return (name, model) => [
    provider(name, model),
    ...config.SUMMARY_FALLBACK_PROVIDERS.filter((other) => other !== name).map((other) => provider(other)),
  ];
}

function notConfigured(name: ProviderName, variable: string): PermanentError {
  return new PermanentError(
    'provider-not-configured',
    `The ${name} summary provider needs ${variable}, which is not set.`,
  );
}

/** An account without quota is nothing to try again: the whole cluster stops asking, until somebody resumes it. */
function stopsWithQuota(provider: SummaryProvider, limiter: RateLimiter): SummaryProvider {
  return {
    name: provider.name,
    model: provider.model,
    summarize: async (input, context) => {
      try {
        return await provider.summarize(input, context);
      } catch (error) {
        if (error instanceof PodlineError && error.reason === 'quota-exhausted')
          await limiter.quotaExhausted(error.message);
        throw error;
      }
    },
  };
}
