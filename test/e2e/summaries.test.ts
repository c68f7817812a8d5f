import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { execa } from 'execa';
import { resummarizeEpisode } from '#shared/client/resummarize-episode';
import { summaryKey } from '#shared/contracts/artifact-keys';
import type { SummaryProviderName } from '#shared/contracts/names';
import { type Summary, summarySchema } from '#shared/contracts/summary';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { readJson } from '#shared/storage/json-blobs';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { type LocalModelServer, startLocalModelServer } from '../support/local-model-server.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { obedientModel } from '../support/obedient-model.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '..', '..');
const LOCAL_KEY = 'key-of-the-local-server';
const ID = 'summarized';

let media: MediaServer;
let api: OpenaiServer;
let local: LocalModelServer;
let stack: ServiceStack;
let transcriptions = 0;

const podline = (...args: string[]) =>
  execa(process.execPath, [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), ...args], {
    env: { NATS_URL: stack.nats.url },
  });

/** Has the episode summarized anew, and gives back what came of it. */
const resummarize = async (provider: SummaryProviderName): Promise<Summary | undefined> => {
  const state = await stack.client.episodes.get(ID);
  if (state === undefined) throw new Error(`There is no episode ${ID}.`);
  await resummarizeEpisode(stack.client, state, { provider });
  expect((await stack.finished(ID)).status).toBe('done');
  return readJson(stack.client.results, summaryKey(ID, 'json'), summarySchema, 1_000_000);
};

beforeAll(async () => {
  media = await startMediaServer({
    '/talk.mp3': file(join(ROOT, 'test', 'fixtures', 'speech-40s.mp3')),
  });
  api = await startOpenaiServer({ complete: obedientModel });
  local = await startLocalModelServer({ kind: 'llama.cpp', model: 'qwen3-4b', contextTokens: 8192, apiKey: LOCAL_KEY });
  stack = await startServiceStack(
    {
      DOWNLOAD_ALLOW_HOSTS: media.host,
      WHISPER_WORKERS: '1',
      OPENAI_BASE_URL: api.baseUrl,
      OPENAI_API_KEY: TEST_API_KEY,
      LOCAL_SUMMARY_BASE_URL: local.baseUrl,
      LOCAL_SUMMARY_API_KEY: LOCAL_KEY,
      SUMMARY_FALLBACK_PROVIDERS: 'local,extractive',
    },
    ['downloader', 'transcriber-whisper', 'summarizer'],
  );
  // A new endpoint is closed for one window, a minute: shorter ones make the test so.
  await stack.client.limits.set('openai.summaries', {
    layout: { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 },
  });
  await publishEpisode(stack.client, { id: ID, url: media.url('/talk.mp3'), title: 'A talk' });
  expect(await stack.finished(ID)).toMatchObject({ status: 'done', errors: [] });
  transcriptions = await transcriptRevisions();
});

afterAll(async () => {
  await stack?.stop();
  await local?.close();
  await api?.close();
  await media?.close();
});

/** When the transcript was written: it never is again. */
const transcriptRevisions = async (): Promise<number> =>
  (await stack.client.results.head(`${ID}/transcript.json`))?.modified.getTime() ?? 0;

describe('an episode with a transcript', () => {
  test('is summarized by the API, in one call with a schema', async () => {
    const summary = await resummarize('openai');
    expect(summary).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      title: 'A talk',
      steps: [{ provider: 'openai', outcome: 'ok' }],
      figures: { calls: 1 },
    });
    expect(summary?.dollars).toBeGreaterThan(0);
    const chapters = JSON.parse((await podline('get', ID, '--format', 'chapters')).stdout) as { chapters: object[] };
    expect(chapters).toMatchObject({ version: '1.2.0', title: 'A talk' });
    expect(chapters.chapters).toHaveLength(summary?.chapters.length ?? -1);
  });

  test('is summarized by a server of one’s own, with its key and its model', async () => {
    const summary = await resummarize('local');
    expect(summary).toMatchObject({ provider: 'local', model: 'qwen3-4b', steps: [{ outcome: 'ok' }] });
    expect(summary?.dollars).toBeUndefined();
    expect((await podline('get', ID, '--format', 'summary')).stdout).toContain('Summarized by local (qwen3-4b)');
  });

  test('falls back along the chain, and the summary says so', async () => {
    api.always({ kind: 'insufficient-quota' });
    const byLocal = await resummarize('openai');
    expect(byLocal).toMatchObject({
      provider: 'local',
      steps: [
        { provider: 'openai', outcome: 'failed', reason: 'quota-exhausted' },
        { provider: 'local', outcome: 'ok' },
      ],
    });
    api.always(undefined);
    const before = api.stats().requests;
    // The account is stopped for the whole cluster until somebody resumes it: nobody asks it, nobody waits for it.
    await expect(resummarize('openai')).resolves.toMatchObject({ provider: 'local' });
    expect(api.stats().requests).toBe(before);
    await stack.client.limits.resume('openai.summaries');
    await expect(resummarize('openai')).resolves.toMatchObject({ provider: 'openai' });
  });

  test('ends with the sentences themselves where no model is to be had', async () => {
    api.always({ kind: 'error', status: 401 });
    await local.close();
    const summary = await resummarize('openai');
    api.always(undefined);
    expect(summary).toMatchObject({
      provider: 'extractive',
      steps: [{ reason: 'bad-api-key' }, {}, { outcome: 'ok' }],
    });
    expect((await podline('get', ID, '--format', 'summary')).stdout).toMatch(
      /Asked before: openai: bad-api-key, local: /,
    );
  });

  test('was transcribed once', async () => {
    expect(await transcriptRevisions()).toBe(transcriptions);
  });
});
