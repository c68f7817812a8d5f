import { describe, expect, test } from '@jest/globals';
import { cliConfigSchema } from '#shared/config/cli';
import { loadConfig } from '#shared/config/load';
import { serviceEnvironment } from './service-environment.ts';

const places = { natsUrl: 'nats://127.0.0.1:4222', models: '/models', exampleOrigin: 'http://127.0.0.1:8088' };
const environment = (env: Record<string, string> = {}): Record<string, string> =>
  serviceEnvironment(loadConfig(cliConfigSchema, env), places);

describe('the local stack', () => {
  test('lets the downloader ask the server of the sample episode, and whom the person names', () => {
    expect(environment().DOWNLOAD_ALLOW_HOSTS).toBe('127.0.0.1:8088');
    expect(environment({ DOWNLOAD_ALLOW_HOSTS: '127.0.0.1:8099,10.0.0.0/8' }).DOWNLOAD_ALLOW_HOSTS).toBe(
      '127.0.0.1:8088,127.0.0.1:8099,10.0.0.0/8',
    );
  });

  test('allows what is there', () => {
    expect(environment()).toMatchObject({ ALLOWED_PROVIDERS: 'whisper', ALLOWED_SUMMARY_PROVIDERS: 'extractive' });
    expect(environment({ OPENAI_API_KEY: 'k', LOCAL_SUMMARY_BASE_URL: 'http://127.0.0.1:1/v1' })).toMatchObject({
      ALLOWED_PROVIDERS: 'whisper,openai',
      ALLOWED_SUMMARY_PROVIDERS: 'extractive,openai,local',
      OPENAI_API_KEY: 'k',
      LOCAL_SUMMARY_BASE_URL: 'http://127.0.0.1:1/v1',
    });
  });

  test('allows less where the person does, and never what is not there', () => {
    const env = { OPENAI_API_KEY: 'k', ALLOWED_PROVIDERS: 'openai', ALLOWED_SUMMARY_PROVIDERS: 'local,extractive' };
    expect(environment(env)).toMatchObject({ ALLOWED_PROVIDERS: 'openai', ALLOWED_SUMMARY_PROVIDERS: 'extractive' });
  });

  test('is not started where the person allows nothing of what is there, or what nobody knows', () => {
    expect(() => environment({ ALLOWED_PROVIDERS: 'openai' })).toThrow(
      /^ALLOWED_PROVIDERS: expected at least one of whisper \(got "openai"\): openai needs OPENAI_API_KEY/,
    );
    expect(() => environment({ ALLOWED_PROVIDERS: 'deepgram' })).toThrow(
      'ALLOWED_PROVIDERS: expected a list of whisper, openai (got "deepgram")',
    );
  });
});
