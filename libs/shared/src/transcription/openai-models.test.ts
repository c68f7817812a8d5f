import { expect, test } from '@jest/globals';
import { OPENAI_MODELS, transcriptionModel } from './openai-models.ts';

test('a dated snapshot has the limits of its model', () => {
  expect(transcriptionModel('gpt-4o-mini-transcribe-2025-12-15')).toBe(OPENAI_MODELS['gpt-4o-mini-transcribe']);
});

test.each(['Systran/faster-whisper-large-v3', 'constructor', ''])('"%s" is taken for a whisper', (name) => {
  expect(transcriptionModel(name)).toMatchObject({ responseFormat: 'verbose_json', timestamps: 'word' });
});

test.each(Object.entries(OPENAI_MODELS))('chunks for %s fit every limit', (_, model) => {
  expect(model.chunkSeconds).toBeLessThanOrEqual(model.maxSeconds ?? Infinity);
  // 64 kbit/s, twice what speech needs in Opus.
  expect(model.chunkSeconds * 8000).toBeLessThan(model.maxBytes);
  // 190 words a minute at 4 tokens for 3 words.
  expect((model.chunkSeconds / 60) * 190 * (4 / 3)).toBeLessThan((model.maxOutputTokens ?? Infinity) * 1.05);
});
