import { z } from 'zod';
import { CancelledError } from '#shared/errors';

/** What a server says of itself, as far as it does. */
export interface ServerFacts {
  /** Tokens one request may have, prompt and answer together. */
  contextTokens?: number | undefined;
  /** The same, where it is not said but follows from what the server does unless told otherwise. */
  guessedContext?: number | undefined;
  /** The first model it lists. */
  firstModel?: string | undefined;
}

export interface ProbeOptions {
  /** Up to and with `/v1`. */
  baseURL: string;
  apiKey?: string | undefined;
  model: string;
  signal: AbortSignal;
}

/** A server that takes longer to say its name has no time to summarize, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** What Ollama serves a model with when nobody says otherwise. */
const OLLAMA_DEFAULT = 4096;

const tokens = z.number().positive();
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string(), max_model_len: tokens.nullish() })) });
const propsSchema = z.object({ default_generation_settings: z.object({ n_ctx: tokens }) });
const runningSchema = z.object({ models: z.array(z.object({ name: z.string(), context_length: tokens.nullish() })) });
const shownSchema = z.object({
  parameters: z.string().nullish(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Asks a server for its context: vLLM in its list of models, llama.cpp at `/props` (of one slot, so of one request), Ollama at
 * `/api/ps` and `/api/show`. Ollama is asked what it serves, not what the model could take: it cuts longer prompts off without
 * a word. A server that answers none of these has told nothing.
 * @throws CancelledError where the signal aborts; never anything else.
 */
export async function probeServer({ baseURL, apiKey, model, signal }: ProbeOptions): Promise<ServerFacts> {
  const root = baseURL.replace(/\/v1\/?$/, '');
  const ask = asker(apiKey, signal);
  const listed = await ask(modelsSchema, `${baseURL.replace(/\/$/, '')}/models`);
  const firstModel = listed?.data[0]?.id;
  const name = model === 'default' ? (firstModel ?? model) : model;
  const contextTokens =
    listed?.data.find(({ id }) => id === name)?.max_model_len ??
    (await ask(propsSchema, `${root}/props`))?.default_generation_settings.n_ctx;
  if (contextTokens != null) return { contextTokens, firstModel };
  return { ...(await ollamaContext(ask, root, name)), firstModel };
}

type Ask = <T>(schema: z.ZodType<T>, url: string, body?: unknown) => Promise<T | undefined>;

function asker(apiKey: string | undefined, signal: AbortSignal): Ask {
  return async (schema, url, body) => {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
        },
      });
      const text = await response.text();
      return response.ok ? schema.safeParse(JSON.parse(text)).data : undefined;
    } catch {
      if (signal.aborted) throw new CancelledError();
      // No such server, or not that kind of server: the call itself will say what is wrong.
      return undefined;
    }
  };
}

async function ollamaContext(ask: Ask, root: string, model: string): Promise<Omit<ServerFacts, 'firstModel'>> {
  const running = await ask(runningSchema, `${root}/api/ps`);
  const served = running?.models.find(({ name }) => name === model || name === `${model}:latest`)?.context_length;
  if (served != null) return { contextTokens: served };
  const shown = await ask(shownSchema, `${root}/api/show`, { model });
  if (shown === undefined) return {};
  const configured = /^num_ctx\s+(\d+)/m.exec(shown.parameters ?? '')?.[1];
  const trained = Object.entries(shown.model_info ?? {}).find(([key]) => key.endsWith('.context_length'))?.[1];
  const most = typeof trained === 'number' ? trained : Infinity;
  return configured === undefined
    ? { guessedContext: Math.min(OLLAMA_DEFAULT, most) }
    : { contextTokens: Math.min(Number(configured), most) };
}
