/** How many tokens a text has. */
export type CountTokens = (text: string) => number;

/** Other tokenizers cut text finer than OpenAI's, most of all other languages than English. */
const OTHER_TOKENIZERS = 1.3;

/**
 * Counts as every OpenAI model since gpt-4o does (o200k_base). Its table takes about 75 MB, so it is loaded when the first
 * model is asked, and never by a process that only picks sentences.
 */
export async function openAiTokens(): Promise<CountTokens> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // Text that spells a control token is text.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}

/** A count that is safe for a model with an unknown tokenizer. */
export async function otherTokens(): Promise<CountTokens> {
  const count = await openAiTokens();
  return (text) => Math.ceil(count(text) * OTHER_TOKENIZERS);
}
