import { otherTokens } from '../strategy/count-tokens.ts';
import type { Gate } from '#shared/parallel/gate';
import type { ModelTable } from '../strategy/model-limits.ts';
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
  /** See `ChatProviderOptions`. */
  parts: Gate;
  sentences: number;
  /** Context where the server does not tell, and never more than this, in tokens. */
  contextTokens?: number | undefined;
  /** The same by model, which goes before `contextTokens`; and the longest answer, for servers that bound it. */
  models?: ModelTable | undefined;
}

/**
 * A model on a server of one's own: llama.cpp, Ollama, vLLM, or any other that speaks OpenAI's API. What it may lack of
 * structured output is made up for; the context is the one the server says it has.
 */
export function localProvider(options: LocalProviderOptions): SummaryProvider {
  const { model, baseURL, apiKey, contextTokens, models } = options;
  let known: ServerFacts | undefined;
  return new ChatProvider({
    ...options,
    name: 'local',
    formats: ['schema', 'json', 'text'],
    countTokens: otherTokens,
    findModel: async (signal) => {
      // A server that did not tell is asked again next time: it may only have been starting.
      if (known?.contextTokens === undefined) known = await probeServer({ baseURL, apiKey, model, signal });
      const name = model === ANY_MODEL ? (known.firstModel ?? model) : model;
      const described = models?.get(name);
      const context = contextOf(known, described?.contextTokens ?? contextTokens);
      return {
        model: name,
        limits: { contextTokens: context, maxAnswerTokens: described?.maxAnswerTokens ?? context, reasons: false },
      };
    },
  });
}

/** A setting can make less of what the server has, never more: what does not fit, Ollama cuts off without a word. */
function contextOf({ contextTokens, guessedContext }: ServerFacts, setting: number | undefined): number {
  if (contextTokens !== undefined) return Math.min(contextTokens, setting ?? contextTokens);
  return setting ?? guessedContext ?? DEFAULT_CONTEXT;
}
