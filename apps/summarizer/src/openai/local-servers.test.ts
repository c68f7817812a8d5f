import { afterEach, describe, expect, test } from '@jest/globals';
import { longTranscript } from '../../../../bench/eval/summaries/long-transcript.ts';
import {
  type LocalModelServer,
  type LocalServerKind,
  type LocalServerOptions,
  startLocalModelServer,
} from '../../../../test/support/local-model-server.ts';
import { Gate } from '#shared/parallel/gate';
import { LocalLimit } from './local-limit.ts';
import { localProvider, type LocalProviderOptions } from './local-provider.ts';
import { openAiChatClient } from './openai-chat-client.ts';

const signal = new AbortController().signal;
const MILL = { language: 'en', seconds: 9, segments: [{ start: 0, end: 9, text: 'The tide drives the old mill.' }] };
const KINDS: LocalServerKind[] = ['llama.cpp', 'vllm', 'ollama'];

let server: LocalModelServer | undefined;
afterEach(() => server?.close());

async function start(
  { kind, ...wanted }: Pick<LocalServerOptions, 'kind'> & Partial<LocalServerOptions>,
  options: Partial<LocalProviderOptions> = {},
) {
  server = await startLocalModelServer({ kind, model: 'qwen3:4b', contextTokens: 4096, ...wanted });
  const { baseUrl: baseURL, ...rest } = server;
  const { apiKey } = options;
  const provider = localProvider({
    model: 'default',
    baseURL,
    client: openAiChatClient({ provider: 'local', baseURL, apiKey, timeoutMs: 5000 }),
    limiter: new LocalLimit({ maxConcurrent: 2 }),
    parts: new Gate(2),
    sentences: 5,
    ...options,
  });
  return { provider, ...rest };
}

describe.each(KINDS)('a server like that of %s', (kind) => {
  test('tells its model and its context, and no prompt exceeds it', async () => {
    const { provider, asked, mostTokens } = await start({ kind });
    const summary = await provider.summarize(longTranscript(0.5), { signal });
    expect(summary).toMatchObject({ provider: 'local', model: 'qwen3:4b', figures: { calls: asked.length } });
    expect(summary.figures.parts).toBeGreaterThan(2);
    expect(mostTokens()).toBeLessThanOrEqual(4096);
    expect(new Set(asked.map(({ format }) => format))).toEqual(new Set(['json_schema']));
  });

  test('is never given more than it has, whatever the settings say', async () => {
    const { provider, mostTokens } = await start({ kind }, { contextTokens: 32_768 });
    await provider.summarize(longTranscript(0.5), { signal });
    expect(mostTokens()).toBeLessThanOrEqual(4096);
  });

  test('is given less where the settings say so', async () => {
    const { provider, mostTokens } = await start({ kind, contextTokens: 16_384 }, { contextTokens: 3000 });
    await provider.summarize(longTranscript(0.5), { signal });
    expect(mostTokens()).toBeLessThanOrEqual(3000);
  });
});

describe('a key', () => {
  test.each(['llama.cpp', 'vllm'] as const)('is sent to %s with every request', async (kind) => {
    const { provider } = await start({ kind, apiKey: 'our-key' }, { apiKey: 'our-key' });
    await expect(provider.summarize(longTranscript(0.5), { signal })).resolves.toMatchObject({ model: 'qwen3:4b' });
  });

  test.each(['llama.cpp', 'vllm'] as const)('that %s refuses is said so, and not told', async (kind) => {
    const { provider } = await start({ kind, apiKey: 'our-key' }, { apiKey: 'wrong-key' });
    const failure = await provider.summarize(MILL, { signal }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'bad-api-key', retryable: false });
    expect(String(failure)).toMatch(/LOCAL_SUMMARY_API_KEY/);
    expect(String(failure)).not.toMatch(/wrong-key|our-key/);
  });
});

test('a server that still loads its model is asked again later', async () => {
  const { provider } = await start({ kind: 'llama.cpp', loading: 5 });
  await expect(provider.summarize(MILL, { signal })).rejects.toMatchObject({ reason: 'api-failed', retryable: true });
  const waiting = async (): Promise<unknown> => provider.summarize(MILL, { signal }).catch(waiting);
  await expect(waiting()).resolves.toMatchObject({ model: 'qwen3:4b' });
});

test.each(['vllm', 'ollama'] as const)('a model that %s does not have is said so', async (kind) => {
  const { provider } = await start({ kind }, { model: 'llama9' });
  await expect(provider.summarize(MILL, { signal })).rejects.toMatchObject({
    reason: 'unknown-model',
    retryable: false,
    message: expect.stringContaining('llama9'),
  });
});

test('a base URL without /v1 is said so', async () => {
  const { provider } = await start({ kind: 'ollama' });
  const baseURL = server!.baseUrl.replace('/v1', '');
  const wrong = openAiChatClient({ provider: 'local', baseURL, timeoutMs: 5000 });
  await expect(provider.summarize(MILL, { signal })).resolves.toMatchObject({ provider: 'local' });
  await expect(
    wrong.complete(
      { model: 'm', messages: [{ role: 'user', content: 'x' }], maxTokens: 5, format: { kind: 'text' } },
      { signal },
    ),
  ).rejects.toMatchObject({ reason: 'unknown-model', message: expect.stringContaining('mostly below /v1') });
});
