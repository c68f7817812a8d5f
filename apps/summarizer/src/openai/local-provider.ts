import { otherTokens } from '../strategy/count-tokens.ts';
import type { SummaryProvider } from '../summary-provider.ts';
import type { ChatClient } from './chat-client.ts';
import { ChatProvider } from './chat-provider.ts';
import type { Limiter } from './limiter.ts';
import { probeServer, type ServerFacts } from './probe-server.ts';

/** Assumed where a server does not say: what Ollama serves on a small machine, the least of the usual ones. In tokens. */
const DEFAULT_CONTEXT = 4096;
/** The name that stands for whatever model the server has loaded. */
const ANY_MODEL = 'default';

export interface LocalProviderOptions {
  /** As the server calls it; "default" takes the server's first. */
  model: string;
  client: ChatClient;
  /** Up to and with `/v1`. */
  baseURL: string;
  apiKey?: string | undefined;
  limiter: Limiter;
  /** Parts of transcripts asked about at once, over all episodes. */
  parallelism: number;
  sentences: number;
  /** Context of the server, in tokens, instead of asking it. */
  contextTokens?: number | undefined;
}

/**
 * A model on a server of one's own: llama.cpp, Ollama, vLLM, or any other that speaks OpenAI's API. What it may lack of
 * structured output is made up for; the context is the one the server says it has.
 */
export function localProvider(options: LocalProviderOptions): SummaryProvider {
  const { model, baseURL, apiKey, contextTokens } = options;
  let known: ServerFacts | undefined;
  return new ChatProvider({
    ...options,
    name: 'local',
    formats: ['schema', 'json', 'text'],
    countTokens: otherTokens,
    findModel: async (signal) => {
      // A server that did not tell is asked again next time: it may only have been starting.
      if (known?.contextTokens === undefined) known = await probeServer({ baseURL, apiKey, model, signal });
      const context = contextTokens ?? known.contextTokens ?? DEFAULT_CONTEXT;
      return {
        model: model === ANY_MODEL ? (known.firstModel ?? model) : model,
        limits: { contextTokens: context, maxAnswerTokens: context, reasons: false },
      };
    },
  });
}
