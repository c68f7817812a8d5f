import { describe, expect, test } from '@jest/globals';
import { CancelledError, PermanentError, RetryableError } from '#shared/errors';
import type { SummaryProvider } from '../summary-provider.ts';
import { noSpeechSummary } from './no-speech.ts';
import { summarizeWithChain } from './summarize-with-chain.ts';

const input = { language: 'en', seconds: 1, segments: [] };
const signal = new AbortController().signal;

const answering = (name: SummaryProvider['name'], model?: string): SummaryProvider => ({
  name,
  model,
  summarize: async () => noSpeechSummary(name, input, model),
});
const failing = (name: SummaryProvider['name'], error: unknown, model?: string): SummaryProvider => ({
  name,
  model,
  summarize: () => Promise.reject(error),
});

const badKey = new PermanentError('bad-api-key', 'The key is refused.');
const down = new RetryableError('connection', 'Nobody answers.');
const broke = new RetryableError('quota-exhausted', 'No money.', { delayMs: 600_000 });

describe('a chain', () => {
  test('asks the next provider when one fails for good, and records both', async () => {
    const chain = [failing('openai', badKey, 'gpt-4o-mini'), failing('local', down), answering('extractive')];
    const { draft, steps } = await summarizeWithChain(chain, input, { signal });
    expect(draft.provider).toBe('extractive');
    expect(steps).toEqual([
      { provider: 'openai', model: 'gpt-4o-mini', outcome: 'failed', reason: 'bad-api-key' },
      { provider: 'local', outcome: 'failed', reason: 'connection' },
      { provider: 'extractive', outcome: 'ok' },
    ]);
  });

  test('asks nobody after the first that answers', async () => {
    const { steps } = await summarizeWithChain([answering('extractive'), failing('openai', badKey)], input, { signal });
    expect(steps).toEqual([{ provider: 'extractive', outcome: 'ok' }]);
  });

  test('waits for a provider that may answer soon, as long as the job has retries left', async () => {
    const chain = [failing('openai', down), answering('extractive')];
    await expect(summarizeWithChain(chain, input, { signal, retriesLeft: 1 })).rejects.toBe(down);
    await expect(summarizeWithChain(chain, input, { signal, retriesLeft: 0 })).resolves.toMatchObject({
      draft: { provider: 'extractive' },
    });
  });

  test('does not wait for one that asks for more patience than there is', async () => {
    const chain = [failing('openai', broke), answering('extractive')];
    const { steps } = await summarizeWithChain(chain, input, { signal, retriesLeft: 3 });
    expect(steps[0]).toMatchObject({ outcome: 'failed', reason: 'quota-exhausted' });
  });

  test('does not wait for one that a person must resume, however short its delay', async () => {
    const stopped = new RetryableError('quota-exhausted', 'Stopped.', { delayMs: 1000, blameless: true });
    const chain = [failing('openai', stopped), answering('extractive')];
    await expect(summarizeWithChain(chain, input, { signal, retriesLeft: 3 })).resolves.toMatchObject({
      draft: { provider: 'extractive' },
    });
  });

  test('fails with the only error, else with one that time may heal, else with all of them', async () => {
    await expect(summarizeWithChain([failing('openai', badKey)], input, { signal })).rejects.toBe(badKey);
    const chain = [failing('openai', badKey), failing('local', down)];
    await expect(summarizeWithChain(chain, input, { signal })).rejects.toBe(down);
    const hopeless = [failing('openai', badKey), failing('local', badKey)];
    await expect(summarizeWithChain(hopeless, input, { signal })).rejects.toMatchObject({
      reason: 'no-summary',
      message: expect.stringContaining('openai: The key is refused. local: The key is refused.'),
    });
  });

  test('stops where the job is cancelled', async () => {
    const cancelled = new CancelledError();
    const chain = [failing('openai', cancelled), answering('extractive')];
    await expect(summarizeWithChain(chain, input, { signal })).rejects.toBe(cancelled);
  });
});
