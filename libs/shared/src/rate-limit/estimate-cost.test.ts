import { describe, expect, test } from '@jest/globals';
import { estimateCost } from './estimate-cost.ts';
import { PRICES, priceOf } from './prices.ts';

describe('estimating cost', () => {
  test('bills whisper-1 by the minute', () => {
    expect(estimateCost('whisper-1', { audioSeconds: 3600 })?.dollars).toBeCloseTo(0.36, 10);
  });

  test('bills chat models by tokens, cached ones for less', () => {
    const use = { inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 100_000 };
    expect(estimateCost('gpt-4o-mini', use)?.dollars).toBeCloseTo(0.6 * 0.15 + 0.4 * 0.075 + 0.1 * 0.6, 10);
  });

  test('bills gpt-4o transcription by tokens once they are known, and by minutes before', () => {
    expect(estimateCost('gpt-4o-transcribe', { audioSeconds: 600 })?.dollars).toBeCloseTo(0.06, 10);
    const used = estimateCost('gpt-4o-transcribe', { audioSeconds: 600, inputTokens: 6000, outputTokens: 2000 });
    expect(used?.dollars).toBeCloseTo(0.035, 10);
  });

  test('knows dated snapshots by their model, and nothing about the rest', () => {
    expect(priceOf('gpt-4o-2024-08-06')).toBe(PRICES['gpt-4o']);
    expect(estimateCost('llama-3.1-8b', { inputTokens: 10 })).toBeUndefined();
    expect(estimateCost('toString', { inputTokens: 10 })).toBeUndefined();
    expect(estimateCost('gpt-4o', { audioSeconds: 10 })).toBeUndefined();
  });

  test('every price says where and when it was read', () => {
    for (const price of Object.values(PRICES)) {
      expect(price.source).toMatch(/^https:\/\/developers\.openai\.com\//);
      expect(price.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
