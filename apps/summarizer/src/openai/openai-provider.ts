import { openAiTokens } from '../strategy/count-tokens.ts';
import type { Gate } from '#shared/parallel/gate';
import { type ModelTable, modelLimits } from '../strategy/model-limits.ts';
import type { SummaryProvider } from '../summary-provider.ts';
import type { ChatClient } from './chat-client.ts';
import { ChatProvider } from './chat-provider.ts';
import type { Limiter } from './limiter.ts';

export interface OpenAiProviderOptions {
  model: string;
  client: ChatClient;
  limiter: Limiter;
  /** See `ChatProviderOptions`. */
  parts: Gate;
  sentences: number;
  /** What the operator knows of models that `modelLimits` does not, or better. */
  models?: ModelTable | undefined;
}

/** OpenAI's API, with structured output. */
export function openAiProvider(options: OpenAiProviderOptions): SummaryProvider {
  const limits = modelLimits(options.model, options.models);
  return new ChatProvider({
    ...options,
    name: 'openai',
    formats: ['schema'],
    countTokens: openAiTokens,
    findModel: async () => ({ model: options.model, limits }),
  });
}
