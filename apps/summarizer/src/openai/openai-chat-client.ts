import OpenAI, { APIError, APIUserAbortError } from 'openai';
import { CancelledError, RetryableError } from '#shared/errors';
import { longFetch } from '#shared/transcription/long-fetch';
import type { AnswerFormat, ChatClient, ChatReply, ChatRequest } from './chat-client.ts';
import { chatError } from './chat-errors.ts';

export interface ChatClientOptions {
  provider: 'openai' | 'local';
  /** Where the API is, up to and with `/v1`. */
  baseURL: string;
  /** Unset for a server that asks for none. */
  apiKey?: string | undefined;
  /** Time for one whole call, in milliseconds. */
  timeoutMs: number;
}

/** A chat API, spoken to with OpenAI's package. It never retries: the limiter and the job queue do. */
export function openAiChatClient({ provider, baseURL, apiKey = '', timeoutMs }: ChatClientOptions): ChatClient {
  // Whatever is unset here, the package would read from the environment.
  const client = new OpenAI({
    baseURL,
    apiKey: apiKey === '' ? 'none' : apiKey,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    fetch: longFetch,
  });
  return {
    complete: async (request, { signal, onResponse }) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const options = { signal: AbortSignal.any([signal, timeout]), timeout: timeoutMs, maxRetries: 0 };
        const asked = client.chat.completions.create(bodyOf(request, provider), options);
        const { data, response } = await asked.withResponse();
        onResponse?.(response.status, response.headers);
        return replyOf(data);
      } catch (error) {
        if (error instanceof APIError && error.status !== undefined && error.headers)
          onResponse?.(error.status, error.headers);
        if (signal.aborted) throw new CancelledError(undefined, { cause: error });
        if (timeout.aborted || error instanceof APIUserAbortError) {
          const after = `${Math.round(timeoutMs / 1000)} s`;
          throw new RetryableError('timeout', `The model at ${baseURL} did not answer within ${after}.`, {
            cause: error,
          });
        }
        throw chatError(error, { provider, model: request.model, baseURL, apiKey });
      }
    },
  };
}

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;

function bodyOf(request: ChatRequest, provider: ChatClientOptions['provider']): Body {
  return {
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    // Reasoning models know only the new name, many local servers only the old one.
    ...(provider === 'openai' ? { max_completion_tokens: request.maxTokens } : { max_tokens: request.maxTokens }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...responseFormat(request.format),
  };
}

function responseFormat(format: AnswerFormat): Pick<Body, 'response_format'> {
  switch (format.kind) {
    case 'schema': {
      const { name, schema } = format;
      return { response_format: { type: 'json_schema', json_schema: { name, schema, strict: true } } };
    }
    case 'json':
      return { response_format: { type: 'json_object' } };
    default:
      return {};
  }
}

function replyOf(completion: OpenAI.ChatCompletion): ChatReply {
  const choice = completion.choices?.[0];
  const refusal = choice?.message.refusal ?? undefined;
  const usage = completion.usage;
  return {
    text: choice?.message.content ?? '',
    finish: finishOf(choice?.finish_reason, refusal),
    refusal,
    promptTokens: usage?.prompt_tokens ?? 0,
    completionTokens: usage?.completion_tokens ?? 0,
  };
}

function finishOf(reason: string | undefined, refusal: string | undefined): ChatReply['finish'] {
  if (refusal !== undefined || reason === 'content_filter') return 'refusal';
  return reason === 'length' ? 'length' : 'stop';
}
