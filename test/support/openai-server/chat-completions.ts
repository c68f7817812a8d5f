import { z } from 'zod';
import { ApiError, unknownModel } from './api-error.ts';
import { sampleFromSchema } from './sample-from-schema.ts';

/** Answer length that is reserved when the request sets no maximum. */
const DEFAULT_MAX_TOKENS = 4096;
/** Context of the gpt-4o family, in tokens; bigger ones are not told apart. */
const CONTEXT_TOKENS = 128_000;

const contentSchema = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))]);
const chatRequestSchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: contentSchema })).min(1),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  stream: z.boolean().nullish(),
  response_format: z
    .object({ type: z.string(), json_schema: z.object({ name: z.string(), schema: z.unknown() }).optional() })
    .nullish(),
});

export interface ChatRequest {
  model: string;
  /** All messages' text, in order. */
  prompt: string;
  promptTokens: number;
  maxTokens: number;
  /** JSON schema the answer must fit, where one was asked for. */
  schema: unknown;
}

/** Reads and checks a chat request as the real API does. */
export async function readChatRequest(body: Buffer, models: readonly string[]): Promise<ChatRequest> {
  const parsed = chatRequestSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ApiError(400, `Invalid '${issue?.path.join('.')}': ${issue?.message}`, {
      param: issue?.path.join('.') ?? '',
    });
  }
  const request = parsed.data;
  if (!models.includes(request.model)) throw unknownModel(request.model);
  if (request.stream === true) throw new ApiError(400, 'This test server does not stream.', { param: 'stream' });
  if (request.max_tokens != null && /^(o\d|gpt-5)/.test(request.model)) {
    throw new ApiError(
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      { param: 'max_tokens', code: 'unsupported_parameter' },
    );
  }
  const prompt = request.messages.map(({ content }) => plainText(content)).join('\n');
  const promptTokens = await countTokens(prompt);
  if (promptTokens > CONTEXT_TOKENS) {
    throw new ApiError(
      400,
      `This model's maximum context length is ${CONTEXT_TOKENS} tokens. However, your messages resulted in ${promptTokens} tokens.`,
      { param: 'messages', code: 'context_length_exceeded' },
    );
  }
  return {
    model: request.model,
    prompt,
    promptTokens,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? DEFAULT_MAX_TOKENS,
    schema: request.response_format?.json_schema?.schema,
  };
}

/** The default answer: the smallest JSON that fits the schema, else two plain sentences about the prompt's size. */
export function steadyAnswer({ schema, prompt }: ChatRequest): string {
  if (schema !== undefined) return JSON.stringify(sampleFromSchema(schema));
  return `The text has ${prompt.split(/\s+/).length} words. This is its summary.`;
}

/** The answer's body; an answer longer than the maximum is cut, with `finish_reason: "length"`. */
export async function answerChat(request: ChatRequest, answer: string, id: number): Promise<string> {
  const { content, tokens, cut } = await cutToTokens(answer, request.maxTokens);
  return JSON.stringify({
    id: `chatcmpl-test-${id}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: cut ? 'length' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: request.promptTokens,
      completion_tokens: tokens,
      total_tokens: request.promptTokens + tokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ApiError(400, 'We could not parse the JSON body of your request.');
  }
}

function plainText(content: z.infer<typeof contentSchema>): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n');
}

/** The encoding of every model since gpt-4o. Its table is big, so it is loaded on first use. */
const encoding = () => import('gpt-tokenizer/encoding/o200k_base');

async function countTokens(text: string): Promise<number> {
  return (await encoding()).encode(text).length;
}

async function cutToTokens(
  text: string,
  maxTokens: number,
): Promise<{ content: string; tokens: number; cut: boolean }> {
  const { encode, decode } = await encoding();
  const tokens = encode(text);
  if (tokens.length <= maxTokens) return { content: text, tokens: tokens.length, cut: false };
  return { content: decode(tokens.slice(0, maxTokens)), tokens: maxTokens, cut: true };
}
