import { SECOND } from '#shared/config/defaults';
import type { SummarizerConfig } from '#shared/config/summarizer';
import type { SummaryProviderName } from '#shared/contracts/names';
import { PermanentError } from '#shared/errors';
import { ExtractiveProvider } from './extractive/extractive-provider.ts';
import type { FittedParallelism } from './fit-parallelism.ts';
import type { Limiter } from './openai/limiter.ts';
import { LocalLimit } from './openai/local-limit.ts';
import { localProvider } from './openai/local-provider.ts';
import { openAiChatClient } from './openai/openai-chat-client.ts';
import { openAiProvider } from './openai/openai-provider.ts';
import { Gate } from '#shared/parallel/gate';
import type { SummarizeWork } from './summarize-episode.ts';
import type { SummaryProvider } from './summary-provider.ts';

const MAX_PROVIDERS = 32;

/**
 * Makes the providers that are configured. Whatever bounds them (threads, parts at once, permits) belongs to the provider,
 * not to a model: requests that name many models get no more of it.
 * @param limiter Of the openai provider.
 * @returns who is asked for a job that names one: that one, then the configured fallbacks.
 */
export function createChain(
  config: SummarizerConfig,
  parts: FittedParallelism['parts'],
  limiter: Limiter,
): SummarizeWork['chain'] {
  const { SUMMARY_SENTENCES: sentences, SUMMARY_MODELS: models } = config;
  const timeoutMs = config.SUMMARY_CALL_SECONDS * SECOND;
  const extractive = new ExtractiveProvider({ parallelism: parts.extractive, sentences });
  const openAi = { sentences, models, parts: new Gate(parts.openai), limiter };
  const localLimit = new LocalLimit({ maxConcurrent: config.LOCAL_SUMMARY_MAX_CONCURRENT });
  const local = { sentences, models, parts: new Gate(parts.local), limiter: localLimit };
  const make: Record<SummaryProviderName, (model: string | undefined) => SummaryProvider> = {
    extractive: () => extractive,
    openai: (model = config.OPENAI_SUMMARY_MODEL) => {
      const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = config;
      if (apiKey === undefined) return notConfigured('openai');
      const client = openAiChatClient({ provider: 'openai', baseURL, apiKey, timeoutMs });
      return openAiProvider({ ...openAi, model, client });
    },
    local: (model = config.LOCAL_SUMMARY_MODEL) => {
      const { LOCAL_SUMMARY_BASE_URL: baseURL, LOCAL_SUMMARY_API_KEY: apiKey } = config;
      if (baseURL === undefined) return notConfigured('local');
      const client = openAiChatClient({ provider: 'local', baseURL, apiKey, timeoutMs });
      const contextTokens = config.LOCAL_SUMMARY_CONTEXT_TOKENS;
      return localProvider({ ...local, model, client, baseURL, apiKey, contextTokens });
    },
  };
  const providers = new Map<string, SummaryProvider>();
  const provider = (name: SummaryProviderName, model?: string): SummaryProvider => {
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

const NEEDS: Partial<Record<SummaryProviderName, keyof SummarizerConfig>> = {
  openai: 'OPENAI_API_KEY',
  local: 'LOCAL_SUMMARY_BASE_URL',
};

/** The providers the fallback chain names in vain, as sentences for the log. */
export function missingFallbacks(config: SummarizerConfig): string[] {
  return config.SUMMARY_FALLBACK_PROVIDERS.flatMap((name) => {
    const need = NEEDS[name];
    return need === undefined || config[need] !== undefined
      ? []
      : [`SUMMARY_FALLBACK_PROVIDERS names ${name}, which needs ${need}: until that is set, it is passed over.`];
  });
}

/** Fails like any other provider, so that the next one is asked and the summary says why. */
function notConfigured(name: 'openai' | 'local'): SummaryProvider {
  return {
    name,
    summarize: async () => {
      throw new PermanentError(
        'provider-not-configured',
        `The ${name} summary provider needs ${NEEDS[name]}, which is not set.`,
      );
    },
  };
}
