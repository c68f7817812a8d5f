import { describe, expect, test } from '@jest/globals';
import { fitParallelism } from './fit-parallelism.ts';

const settings = {
  SUMMARIZE_CONCURRENCY: 1,
  SUMMARY_CHUNK_PARALLELISM: 4,
  OPENAI_API_KEY: 'key',
  OPENAI_SUMMARY_MAX_CONCURRENT: 8,
  LOCAL_SUMMARY_BASE_URL: 'http://llama:8080/v1',
  LOCAL_SUMMARY_MAX_CONCURRENT: 8,
};

describe('parts at once', () => {
  test('are as many as asked for where they fit, without a word', () => {
    expect(fitParallelism(settings, 4)).toEqual({ parts: { extractive: 4, openai: 4, local: 4 }, warnings: [] });
  });

  test('are no more than the CPUs, nor than the calls that may run', () => {
    const tight = { ...settings, OPENAI_SUMMARY_MAX_CONCURRENT: 3, LOCAL_SUMMARY_MAX_CONCURRENT: 1 };
    const { parts, warnings } = fitParallelism(tight, 2.5);
    expect(parts).toEqual({ extractive: 2, openai: 3, local: 1 });
    expect(warnings).toEqual([
      'SUMMARY_CHUNK_PARALLELISM=4 is 2 for the extractive provider: there are 2 CPUs.',
      'SUMMARY_CHUNK_PARALLELISM=4 is 3 for the openai provider: OPENAI_SUMMARY_MAX_CONCURRENT=3 lets no more calls run.',
      'SUMMARY_CHUNK_PARALLELISM=4 is 1 for the local provider: LOCAL_SUMMARY_MAX_CONCURRENT=1 lets no more calls run.',
    ]);
  });

  test('are one even on less than a CPU', () => {
    expect(fitParallelism(settings, 0.5).parts.extractive).toBe(1);
  });

  test('add to the episodes at once, and are not multiplied by them', () => {
    const busy = { ...settings, SUMMARIZE_CONCURRENCY: 5 };
    expect(fitParallelism(busy, 4)).toMatchObject({ parts: { openai: 4 }, warnings: [] });
    const { warnings } = fitParallelism({ ...busy, SUMMARIZE_CONCURRENCY: 6 }, 4);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(
      /SUMMARIZE_CONCURRENCY=6 with 4 parts at once makes up to 9 calls to the openai .*=8 lets 8 run/,
    );
  });

  test('are not discussed for a provider that is not there', () => {
    const none = {
      ...settings,
      OPENAI_API_KEY: undefined,
      LOCAL_SUMMARY_BASE_URL: undefined,
      SUMMARIZE_CONCURRENCY: 60,
    };
    expect(fitParallelism(none, 4).warnings).toEqual([]);
  });
});
