import { openAiTokens } from '../strategy/count-tokens.ts';
import { modelLimits } from '../strategy/model-limits.ts';
import type { SummaryProvider } from '../summary-provider.ts';
import type { ChatClient } from './chat-client.ts';
import { ChatProvider } from './chat-provider.ts';
import type { Limiter } from './limiter.ts';

export interface OpenAiProviderOptions {
  model: string;
  client: ChatClient;
  limiter: Limiter;
  /** Parts of transcripts asked about at once, over all episodes. */
  parallelism: number;
  sentences: number;
  /** Smaller than the model's own, for a deployment that pays attention to long prompts; in tokens. */
  contextTokens?: number | undefined;
}

/** OpenAI's API, with structured output. */
export function openAiProvider(options: OpenAiProviderOptions): SummaryProvider {
  const known = modelLimits(options.model);
  const contextTokens = Math.min(known.contextTokens, options.contextTokens ?? known.contextTokens);
  return new ChatProvider({
    ...options,
    name: 'openai',
    formats: ['schema'],
    countTokens: openAiTokens,
    findModel: async () => ({ model: options.model, limits: { ...known, contextTokens } }),
  });
}
