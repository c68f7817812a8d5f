import { describe, expect, test } from '@jest/globals';
import { summarySchema } from '#shared/contracts/summary';
import { OpeningProvider } from './opening-provider.ts';

const input = {
  title: 'Lighthouses',
  language: 'en',
  seconds: 30,
  segments: [
    { start: 0, end: 1, text: 'Hello.' },
    { start: 1, end: 6, text: 'Every lighthouse has a rhythm of its own.' },
    { start: 6, end: 12, text: 'Sailors read it like a signature in the dark.' },
    { start: 12, end: 20, text: 'It is written down in the list of lights.' },
  ],
};

describe('the provider of the contributors’ guide', () => {
  test('takes the first segments that say something', async () => {
    const draft = await new OpeningProvider(2).summarize(input, { signal: new AbortController().signal });
    expect(draft.abstract).toBe(
      'Every lighthouse has a rhythm of its own. Sailors read it like a signature in the dark.',
    );
    const steps = [{ provider: 'extractive', outcome: 'ok' }];
    expect(() => summarySchema.parse({ v: 1, episodeId: 'one', steps, ...draft })).not.toThrow();
  });

  test('has something to say of silence', async () => {
    const draft = await new OpeningProvider(2).summarize(
      { ...input, segments: [] },
      { signal: new AbortController().signal },
    );
    expect(draft.oneLine).toBe('Nothing is said.');
  });

  test('ends when its job does', async () => {
    await expect(new OpeningProvider(2).summarize(input, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: 'cancelled',
    });
  });
});
