import { afterEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '#shared/config/load';
import { summarizerConfigSchema } from '#shared/config/summarizer';
import { longTranscript } from '../../../bench/eval/summaries/long-transcript.ts';
import { obedientModel } from '../../../test/support/obedient-model.ts';
import {
  type OpenaiServer,
  startOpenaiServer,
  TEST_API_KEY,
} from '../../../test/support/openai-server/openai-server.ts';
import { createChain, missingFallbacks } from './create-chain.ts';
import { LocalLimit } from './openai/local-limit.ts';
import { summarizeWithChain } from './strategy/summarize-with-chain.ts';

const signal = new AbortController().signal;
const MILL = { language: 'en', seconds: 9, segments: [{ start: 0, end: 9, text: 'The tide drives the old mill.' }] };

let api: OpenaiServer | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

function chainOf(env: Record<string, string>, parts = 1) {
  const config = loadConfig(summarizerConfigSchema, env);
  const limit = new LocalLimit({ maxConcurrent: 64 });
  return createChain(config, { extractive: parts, openai: parts, local: parts }, limit);
}

test('the provider a job names comes first, the fallbacks after it, each once', () => {
  const chain = chainOf({ SUMMARY_FALLBACK_PROVIDERS: 'local,extractive,local' });
  const names = (...asked: Parameters<typeof chain>) => chain(...asked).map(({ name }) => name);
  expect(names('openai', undefined)).toEqual(['openai', 'local', 'extractive']);
  expect(names('extractive', undefined)).toEqual(['extractive', 'local']);
});

test('a provider that is not configured is passed over, and recorded', async () => {
  const chain = chainOf({ SUMMARY_FALLBACK_PROVIDERS: 'local,extractive' });
  const { draft, steps } = await summarizeWithChain(chain('openai', undefined), MILL, { signal });
  expect(draft.provider).toBe('extractive');
  expect(steps.map(({ provider, reason }) => [provider, reason])).toEqual([
    ['openai', 'provider-not-configured'],
    ['local', 'provider-not-configured'],
    ['extractive', undefined],
  ]);
});

test('fallbacks that are named in vain are said at start', () => {
  const env = { SUMMARY_FALLBACK_PROVIDERS: 'openai,local,extractive', OPENAI_API_KEY: 'k' };
  expect(missingFallbacks(loadConfig(summarizerConfigSchema, env))).toEqual([
    'SUMMARY_FALLBACK_PROVIDERS names local, which needs LOCAL_SUMMARY_BASE_URL: until that is set, it is passed over.',
  ]);
});

describe('a job that names a model', () => {
  test('shares the parts at once with those that name others', async () => {
    const models = ['one', 'two', 'three'];
    api = await startOpenaiServer({ models, complete: obedientModel });
    const chain = chainOf(
      {
        OPENAI_API_KEY: TEST_API_KEY,
        OPENAI_BASE_URL: api.baseUrl,
        SUMMARY_MODELS: models.map((model) => `${model}=8192/2000`).join(','),
      },
      2,
    );
    const long = longTranscript(0.5);
    const summaries = await Promise.all(
      models.map((model) => summarizeWithChain(chain('openai', model), long, { signal })),
    );
    for (const { draft } of summaries) expect(draft.figures.parts).toBeGreaterThan(1);
    // Two parts, and the last calls of the two other episodes.
    expect(api.stats().mostConcurrent).toBeLessThanOrEqual(4);
  });

  test('takes no threads of its own', () => {
    const chain = chainOf({});
    expect(chain('extractive', 'a')).toEqual(chain('extractive', 'b'));
    expect(chain('extractive', 'a')[0]).toBe(chain('extractive', undefined)[0]);
  });
});

test('the context of a model is the one in SUMMARY_MODELS', async () => {
  api = await startOpenaiServer({ models: ['gpt-4o-mini', 'qwen3:4b'], complete: obedientModel });
  const chain = chainOf({
    OPENAI_API_KEY: TEST_API_KEY,
    OPENAI_BASE_URL: api.baseUrl,
    SUMMARY_MODELS: 'qwen3:4b=4096/1000',
  });
  const long = longTranscript(0.5);
  const parts = async (model: string) =>
    (await summarizeWithChain(chain('openai', model), long, { signal })).draft.figures.parts;
  await expect(parts('gpt-4o-mini')).resolves.toBe(1);
  await expect(parts('qwen3:4b')).resolves.toBeGreaterThan(3);
});
