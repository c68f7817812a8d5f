import { describe, expect, test } from '@jest/globals';
import { countTokens, tokensToReserve } from './count-tokens.ts';

describe('counting tokens', () => {
  test('uses the encoding of the model', async () => {
    // OpenAI's cookbook gives these counts for both encodings.
    const text = 'お誕生日おめでとう';
    expect(await countTokens(text, 'gpt-4o-mini')).toEqual({ tokens: 8, exact: true });
    expect(await countTokens(text, 'gpt-4-0613')).toEqual({ tokens: 9, exact: true });
  });

  test('counts the models of others with a margin', async () => {
    const text = 'one two three four five six seven eight nine ten';
    const ours = await countTokens(text, 'gpt-4.1-mini');
    expect(await countTokens(text, 'llama-3.1-8b')).toEqual({ tokens: Math.ceil(ours.tokens * 1.2), exact: false });
  });

  test('takes what looks like a special token for text', async () => {
    expect((await countTokens('He said <|endoftext|> aloud.', 'gpt-4o')).tokens).toBeGreaterThan(7);
  });

  test('reserves messages, their wrapping and the longest answer', async () => {
    const messages = [{ content: 'Summarize this.' }, { content: 'The boats went out.' }];
    const text =
      (await countTokens('Summarize this.', 'gpt-4o')).tokens +
      (await countTokens('The boats went out.', 'gpt-4o')).tokens;
    expect(await tokensToReserve(messages, 500, 'gpt-4o')).toBe(text + 2 * 3 + 3 + 500);
  });
});
