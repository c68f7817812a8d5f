/** Tokens a chat costs besides its text: 3 a message and 3 before the answer (OpenAI cookbook, "How to count tokens"). */
const TOKENS_PER_MESSAGE = 3;
const TOKENS_BEFORE_ANSWER = 3;
/** Added where a model's own encoding is not known, as a share: others cut text into about as many tokens, or some more. */
const UNKNOWN_ENCODING_MARGIN = 0.2;

export interface TokenCount {
  tokens: number;
  /** Whether the model's own encoding was counted with. */
  exact: boolean;
}

/**
 * Tokens of a text as the model counts them. The encoding's table, about 2 MB, is loaded on first use. A model that is
 * not OpenAI's is counted with the newest of OpenAI's encodings, and a fifth on top.
 */
export async function countTokens(text: string, model: string): Promise<TokenCount> {
  const known = encodingOf(model);
  const { countTokens: count } = await (known === 'cl100k_base'
    ? import('gpt-tokenizer/encoding/cl100k_base')
    : import('gpt-tokenizer/encoding/o200k_base'));
  // Transcripts may hold "<|endoftext|>": it is text there, and nothing to fail on.
  const tokens = count(text, { disallowedSpecial: new Set() });
  if (known !== undefined) return { tokens, exact: true };
  return { tokens: Math.ceil(tokens * (1 + UNKNOWN_ENCODING_MARGIN)), exact: false };
}

/**
 * Tokens to reserve for a chat: its messages and the longest answer that was asked for, which is what OpenAI charges
 * against the limit when the request arrives.
 */
export async function tokensToReserve(
  messages: readonly { content: string }[],
  maxAnswerTokens: number,
  model: string,
): Promise<number> {
  const counts = await Promise.all(messages.map(({ content }) => countTokens(content, model)));
  const text = counts.reduce((sum, { tokens }) => sum + tokens, 0);
  return text + messages.length * TOKENS_PER_MESSAGE + TOKENS_BEFORE_ANSWER + maxAnswerTokens;
}

/** o200k since gpt-4o, cl100k for gpt-4 and gpt-3.5. */
function encodingOf(model: string): 'o200k_base' | 'cl100k_base' | undefined {
  if (/^(gpt-4o|gpt-4\.\d|gpt-[5-9]|chatgpt-4o|o\d|gpt-oss)/.test(model)) return 'o200k_base';
  return /^gpt-(4|3\.5)/.test(model) ? 'cl100k_base' : undefined;
}
