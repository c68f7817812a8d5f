import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { obedientModel } from './obedient-model.ts';

/** The servers that are imitated, as they answer over HTTP. */
export type LocalServerKind = 'llama.cpp' | 'vllm' | 'ollama';

export interface LocalServerOptions {
  kind: LocalServerKind;
  model: string;
  /** Tokens of prompt and answer together. */
  contextTokens: number;
  /** Asked for by llama.cpp (--api-key) and vLLM (--api-key); Ollama has none. */
  apiKey?: string;
  /** Requests it answers with "still loading" first; llama.cpp does so. */
  loading?: number;
  complete?: typeof obedientModel;
}

export interface LocalModelServer {
  baseUrl: string;
  /** Chat requests in order, answered or not. */
  asked: { model: string; prompt: string; format: string | undefined; maxTokens: number }[];
  /** Largest prompt and answer together, in tokens as this server counts them. */
  mostTokens: () => number;
  close: () => Promise<void>;
}

interface ChatBody {
  model: string;
  messages: { content: string }[];
  max_tokens?: number;
  response_format?: { type: string; json_schema?: { schema?: object } };
}

/**
 * Imitates a server for local models: its paths, its errors, what it tells of its context and what it does with a prompt that
 * does not fit. No model runs in it: answers are made from the prompt. The bodies are those of llama.cpp's `llama-server`
 * (tools/server/README.md), of vLLM's OpenAI-compatible server and of Ollama (docs/api.md, docs/openai.md).
 */
export async function startLocalModelServer(options: LocalServerOptions): Promise<LocalModelServer> {
  const { kind, model, contextTokens, apiKey, complete = obedientModel } = options;
  const asked: LocalModelServer['asked'] = [];
  let loading = options.loading ?? 0;
  let most = 0;
  const pages = pagesOf(options);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const { url = '/' } = request;
    const needsKey = apiKey !== undefined && !(kind === 'llama.cpp' && url === '/v1/models');
    if (needsKey && request.headers.authorization !== `Bearer ${apiKey}`) return send(401, UNAUTHORIZED[kind]);
    if (loading > 0) {
      loading--;
      return send(503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } });
    }
    if (url in pages) return send(200, pages[url]);
    if (url !== '/v1/chat/completions') return void response.writeHead(404).end('404 page not found');
    const body = JSON.parse(text) as ChatBody;
    const format = body.response_format?.type;
    const { max_tokens: maxTokens = contextTokens } = body;
    // llama.cpp answers with the model it has, whatever it is called.
    if (kind !== 'llama.cpp' && body.model !== model) return send(404, unknownModel(kind, body.model));
    let prompt = body.messages.map(({ content }) => content).join('\n');
    asked.push({ model: body.model, prompt, format, maxTokens });
    const promptTokens = encode(prompt).length;
    most = Math.max(most, promptTokens + maxTokens);
    if (kind === 'llama.cpp' && promptTokens >= contextTokens)
      return send(400, tooLong(kind, promptTokens, contextTokens));
    if (kind === 'vllm' && promptTokens + maxTokens > contextTokens)
      return send(400, tooLong(kind, promptTokens + maxTokens, contextTokens));
    // Ollama drops the beginning, instructions first, and says nothing.
    if (kind === 'ollama' && promptTokens > contextTokens) prompt = prompt.slice(-contextTokens * 3);
    const answer = complete({ prompt, schema: body.response_format?.json_schema?.schema });
    const message = { role: 'assistant', content: answer };
    return send(200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model,
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens: promptTokens, completion_tokens: encode(answer).length },
    });
  };

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    mostTokens: () => most,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const UNAUTHORIZED: Record<LocalServerKind, unknown> = {
  'llama.cpp': { error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' } },
  vllm: { error: 'Unauthorized' },
  ollama: {},
};

function pagesOf({ kind, model, contextTokens }: LocalServerOptions): Record<string, unknown> {
  const list = (entry: object) => ({ object: 'list', data: [{ id: model, object: 'model', ...entry }] });
  switch (kind) {
    case 'llama.cpp':
      return {
        '/v1/models': list({ owned_by: 'llamacpp', meta: { n_vocab: 151_936, n_ctx_train: 40_960 } }),
        // Of one slot: the whole context divided by the number of slots.
        '/props': { default_generation_settings: { id: 0, n_ctx: contextTokens }, total_slots: 1, model_alias: model },
      };
    case 'vllm':
      return { '/v1/models': list({ owned_by: 'vllm', root: model, parent: null, max_model_len: contextTokens }) };
    default:
      return {
        '/v1/models': list({ owned_by: 'library' }),
        '/api/ps': { models: [{ name: model, model, size: 1e9, context_length: contextTokens }] },
        '/api/show': { model_info: { 'qwen3.context_length': 40_960 }, parameters: '' },
      };
  }
}

function unknownModel(kind: LocalServerKind, asked: string): unknown {
  return kind === 'vllm'
    ? { error: { message: `The model \`${asked}\` does not exist.`, type: 'NotFoundError', param: null, code: 404 } }
    : { error: { message: `model '${asked}' not found`, type: 'not_found_error', param: null, code: null } };
}

function tooLong(kind: LocalServerKind, tokens: number, context: number): unknown {
  return kind === 'vllm'
    ? {
        error: {
          message: `This model's maximum context length is ${context} tokens. However, you requested ${tokens} tokens.`,
          type: 'BadRequestError',
          code: 400,
        },
      }
    : {
        error: {
          code: 400,
          message: 'the request exceeds the available context size, try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: tokens,
          n_ctx: context,
        },
      };
}
