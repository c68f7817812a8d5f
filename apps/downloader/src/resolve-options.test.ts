import { describe, expect, test } from '@jest/globals';
import { downloaderConfigSchema } from '#shared/config/downloader';
import { type EpisodeOptions, episodeRequestSchema } from '#shared/contracts/episode-request';
import { resolveOptions } from './resolve-options.ts';

const limits = downloaderConfigSchema.parse({ WHISPER_MODELS: 'tiny.en-q8_0,base-q5_1' });
const resolve = (options: EpisodeOptions) =>
  resolveOptions(episodeRequestSchema.parse({ url: 'https://example.com/a.mp3', options }), 'normal', limits);

describe('resolveOptions', () => {
  test('completes an empty request with the operator’s defaults', () => {
    expect(resolve({})).toEqual({
      provider: 'whisper',
      model: 'tiny.en-q8_0',
      language: 'en',
      chunkSeconds: 300,
      decoding: {},
      lane: 'normal',
      summary: { provider: 'extractive' },
    });
  });

  test('keeps what the request asks for', () => {
    const wanted = {
      provider: 'whisper',
      model: 'base-q5_1',
      language: 'German',
      chunkSeconds: 120,
      prompt: 'Gezeitenmühle',
    } as const;
    expect(resolve(wanted)).toMatchObject({ ...wanted, language: 'de' });
  });

  test('gives OpenAI its own model and chunk length, and leaves the language to it', () => {
    expect(resolve({ provider: 'openai' })).toMatchObject({ model: 'whisper-1', chunkSeconds: 1200, language: 'auto' });
  });

  test.each<[string, EpisodeOptions, string]>([
    [
      'a model that is not allowed',
      { model: 'large-v3' },
      'options.model: "large-v3" is not allowed here; allowed: tiny.en-q8_0, base-q5_1',
    ],
    ['a language nobody speaks', { model: 'base-q5_1', language: 'klingon' }, 'klingon'],
    [
      'German of an English-only model',
      { language: 'de' },
      'the whisper model "tiny.en-q8_0" knows only English, not "de"',
    ],
    ['chunks that are too short', { chunkSeconds: 5 }, 'options.chunkSeconds: 5 is not between 30 and 1800 seconds'],
    [
      'chunks the API would refuse',
      { provider: 'openai', chunkSeconds: 1400 },
      '1400 is not between 30 and 1200 seconds',
    ],
  ])('refuses %s and names the value', (_name, options, message) => {
    expect(() => resolve(options)).toThrow(message);
  });

  test('refuses a provider the operator does not allow', () => {
    const strict = downloaderConfigSchema.parse({ ALLOWED_PROVIDERS: 'whisper' });
    const request = episodeRequestSchema.parse({ url: 'https://example.com/a.mp3', options: { provider: 'openai' } });
    expect(() => resolveOptions(request, 'normal', strict)).toThrow(
      'options.provider: "openai" is not allowed here; allowed: whisper.',
    );
  });
});
