import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { summarizerConfigSchema } from './summarizer.ts';
import { downloaderConfigSchema } from './downloader.ts';
import { loadConfig } from './load.ts';
import { bytes, flag, headerPairs, integer, list, positive } from './variables.ts';

const schema = z.object({
  PORT: integer(1, 65_535).default(80),
  SIZE: bytes().default(1),
  HOURS: positive(6).default(6),
  VERBOSE: flag().default(false),
  HOSTS: list().default([]),
  HEADERS: headerPairs().optional(),
  API_KEY: z.string().min(20, 'expected at least 20 characters').optional(),
});

describe('loadConfig', () => {
  test('takes the defaults where nothing or an empty string is set', () => {
    expect(loadConfig(schema, { PORT: '' })).toEqual({ PORT: 80, SIZE: 1, HOURS: 6, VERBOSE: false, HOSTS: [] });
  });

  test('reads numbers, sizes, flags and lists', () => {
    const env = { PORT: '8080', SIZE: '20Gi', HOURS: '1.5', VERBOSE: 'true', HOSTS: 'a:1, b:2,' };
    expect(loadConfig(schema, env)).toEqual({
      PORT: 8080,
      SIZE: 20 * 1024 ** 3,
      HOURS: 1.5,
      VERBOSE: true,
      HOSTS: ['a:1', 'b:2'],
    });
  });

  test('reports all bad variables together, each with its value and what it should be', () => {
    const load = (): unknown => loadConfig(schema, { PORT: '0', SIZE: '20G', HOURS: '7', VERBOSE: 'yes' });
    expect(load).toThrow('PORT: expected a whole number from 1 to 65535 (got "0")');
    expect(load).toThrow('SIZE: expected bytes, or a size such as 512Mi or 20Gi (got "20G")');
    expect(load).toThrow('HOURS: expected at most 6 (got "7")');
    expect(load).toThrow('VERBOSE: expected true or false (got "yes")');
  });

  test('reads headers as OpenTelemetry writes them', () => {
    expect(loadConfig(schema, { HEADERS: 'authorization=Basic%20YTpi==, x-team=a=b' })).toMatchObject({
      HEADERS: { authorization: 'Basic YTpi==', 'x-team': 'a=b' },
    });
  });

  test.each(['authorization', '=x', 'a b=c', 'name=two%0alines'])(
    'refuses the headers %s without showing them',
    (HEADERS) => {
      expect(() => loadConfig(schema, { HEADERS })).toThrow(
        'HEADERS: expected name=value pairs, separated by commas (got a secret value)',
      );
    },
  );

  test('shows no password in a URL', () => {
    expect(() => loadConfig(schema, { PORT: 'nats://user:opensesame@host' })).toThrow('(got "nats://host")');
  });

  test('never shows a secret', () => {
    expect(() => loadConfig(schema, { API_KEY: 'sk-oops' })).toThrow(
      'API_KEY: expected at least 20 characters (got a secret value)',
    );
  });

  test('never shows the credentials of a URL', () => {
    const env = { LOCAL_SUMMARY_BASE_URL: 'http://me:secret@llama:8080/v1', OPENAI_BASE_URL: 'ftp://api' };
    const load = () => loadConfig(summarizerConfigSchema, env);
    expect(load).toThrow(
      'LOCAL_SUMMARY_BASE_URL: expected a URL without user and password in it (got "http://llama:8080/v1")',
    );
    expect(load).toThrow('OPENAI_BASE_URL: expected a URL that begins with http:// or https:// (got "ftp://api")');
  });

  test('reads what an operator knows of models', () => {
    const load = (text: string) => loadConfig(summarizerConfigSchema, { SUMMARY_MODELS: text }).SUMMARY_MODELS;
    expect(load('Qwen/Qwen3-8B=32768, qwen3:4b=8192/1024')).toEqual(
      new Map([
        ['Qwen/Qwen3-8B', { contextTokens: 32_768, maxAnswerTokens: undefined }],
        ['qwen3:4b', { contextTokens: 8192, maxAnswerTokens: 1024 }],
      ]),
    );
    expect(() => load('qwen3:4b')).toThrow(/SUMMARY_MODELS: expected entries such as .* \(got "qwen3:4b"\)/);
  });

  test('knows every default of the downloader', () => {
    expect(loadConfig(downloaderConfigSchema, {})).toMatchObject({ DOWNLOAD_CONCURRENCY: 4, DOWNLOAD_MAX_HOURS: 6 });
  });

  test('refuses a provider that does not exist', () => {
    expect(() => loadConfig(downloaderConfigSchema, { ALLOWED_PROVIDERS: 'whisper,siri' })).toThrow(
      'ALLOWED_PROVIDERS: expected a list of whisper, openai (got "whisper,siri")',
    );
  });
});
