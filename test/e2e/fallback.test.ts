import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import { chunkTranscriptSchema } from '#shared/contracts/chunk-transcript';
import type { EpisodeOptions } from '#shared/contracts/episode-request';
import { transcriptSchema } from '#shared/contracts/transcript';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { readJson } from '#shared/storage/json-blobs';
import type { ServiceName } from '../../apps/cli/src/stack/local-stack.ts';
import type { ServiceProcess } from '../../apps/cli/src/stack/service-process.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { chunkKey } from '../support/chunk-key.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';
import { uniqueTranscript } from '../support/unique-words.ts';

jest.setTimeout(120_000);

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const MAX_BYTES = 10_000_000;
/** Enough talk in one chunk that silence can't be a song's, in repetitions of 40 s. */
const REPETITIONS = 7;

let media: MediaServer;
let api: OpenaiServer;
let stack: ServiceStack;
let folder: string;
const transcribers: ServiceProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-fallback-'));
  const long = join(folder, 'long.mp3');
  const loop = ['-stream_loop', String(REPETITIONS - 1), '-i', join(FIXTURES, 'speech-40s.mp3')];
  await execa('ffmpeg', ['-v', 'error', ...loop, '-c', 'copy', long]);
  media = await startMediaServer({
    '/long.mp3': file(long),
    '/short.flac': file(join(FIXTURES, 'speech-12s.flac'), 'audio/flac'),
  });
  api = await startOpenaiServer({ transcribe: uniqueTranscript });
  stack = await startServiceStack(
    {
      DOWNLOAD_ALLOW_HOSTS: media.host,
      ALLOWED_PROVIDERS: 'whisper,openai',
      OPENAI_BASE_URL: api.baseUrl,
      OPENAI_API_KEY: TEST_API_KEY,
      WHISPER_WORKERS: '1',
    },
    ['downloader', 'summarizer'],
  );
});

afterEach(async () => {
  await Promise.all(transcribers.splice(0).map((service) => service.stop()));
});

afterAll(async () => {
  await stack?.stop();
  await api?.close();
  await media?.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (name: ServiceName, env: Record<string, string>): Promise<void> => {
  transcribers.push(await stack.start(name, env));
  // A new endpoint is closed for one window, a minute: shorter ones make the test so.
  if (name === 'transcriber-openai')
    await stack.client.limits.set('openai.transcription', {
      layout: { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 },
    });
};

/** A whisper-server that never hears a word. */
const deafWhisper = async (): Promise<Record<string, string>> => {
  const binary = join(folder, 'whisper-server');
  const script = join(import.meta.dirname, '..', 'support', 'deaf-whisper-server.ts');
  await writeFile(
    binary,
    `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${script}" "$@"\n`,
  );
  await chmod(binary, 0o755);
  return { PODLINE_WHISPER_SERVER: binary };
};

const transcribe = async (id: string, path: string, options: EpisodeOptions) => {
  await publishEpisode(stack.client, { id, url: media.url(path), options });
  return stack.finished(id);
};

const transcriptOf = (id: string) =>
  readJson(stack.client.results, transcriptKey(id, 'json'), transcriptSchema, MAX_BYTES);

describe('a chunk of speech in which whisper hears nothing', () => {
  test('is given to the API, where the operator allows it', async () => {
    await start('transcriber-openai', {});
    await start('transcriber-whisper', { ...(await deafWhisper()), FALLBACK_TRANSCRIBE_MODEL: 'whisper-1' });
    expect(await transcribe('to-api', '/long.mp3', { chunkSeconds: 300 })).toMatchObject({
      status: 'done',
      errors: [],
    });
    const chunk = await readJson(
      stack.client.results,
      await chunkKey(stack.client.results, 'to-api', 0),
      chunkTranscriptSchema,
      MAX_BYTES,
    );
    expect(chunk).toMatchObject({ provider: 'openai', engine: { name: 'openai' }, model: 'whisper-1' });
    expect(await transcriptOf('to-api')).toMatchObject({ providers: ['openai'], coverage: { gaps: [] } });
  });

  test('becomes a gap where nobody else is asked', async () => {
    await start('transcriber-whisper', { ...(await deafWhisper()), INCOMPLETE_CHUNK: 'gap' });
    expect(await transcribe('gap', '/long.mp3', { chunkSeconds: 300 })).toMatchObject({ status: 'done', errors: [] });
    const { coverage, segments } = (await transcriptOf('gap')) ?? {};
    expect(segments).toEqual([]);
    expect(coverage).toMatchObject({ coveredSeconds: 0 });
    expect(coverage?.gaps.length).toBeGreaterThan(0);
  });

  test('fails the episode where gaps are not wanted', async () => {
    await start('transcriber-whisper', { ...(await deafWhisper()), INCOMPLETE_CHUNK: 'fail' });
    const state = await transcribe('fail', '/long.mp3', { chunkSeconds: 300 });
    expect(state).toMatchObject({ status: 'failed', chunks: '!' });
    expect(state.errors).toMatchObject([{ queue: 'transcribe-whisper', chunk: 0, reason: 'incomplete' }]);
  });
});

describe('a chunk the API’s model does not finish', () => {
  test('is given to whisper, in a format it reads', async () => {
    const cutOff = JSON.stringify({ text: 'Half of it.', usage: { type: 'tokens', output_tokens: 2000 } });
    api.script({ kind: 'body', body: cutOff }, { kind: 'body', body: cutOff });
    await start('transcriber-openai', { FALLBACK_TRANSCRIBE_MODEL: 'tiny.en-q8_0' });
    await start('transcriber-whisper', {});
    const options = { provider: 'openai', model: 'gpt-4o-mini-transcribe' } as const;
    expect(await transcribe('to-whisper', '/short.flac', options)).toMatchObject({ status: 'done', errors: [] });
    expect(await transcriptOf('to-whisper')).toMatchObject({ providers: ['whisper'], models: ['tiny.en-q8_0'] });
  });
});
