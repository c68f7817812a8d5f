import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { connect, type NatsConnection } from 'nats';
import { manifestKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { chunkTranscriptSchema } from '#shared/contracts/chunk-transcript';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { manifestSchema } from '#shared/contracts/manifest';
import { transcriptSchema } from '#shared/contracts/transcript';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { readJson } from '#shared/storage/json-blobs';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { chunkKey } from '../support/chunk-key.ts';
import { findSecret } from '../support/find-secret.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import type { ScriptedAnswer } from '../support/openai-server/scripted-answer.ts';
import { MAX_FILE_BYTES, MAX_GPT_4O_SECONDS, type HeardAudio } from '../support/openai-server/transcriptions.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';
import { SECONDS_PER_WORD, uniqueTranscript, uniqueWords } from '../support/unique-words.ts';

jest.setTimeout(180_000);

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const MAX_BYTES = 10_000_000;

let media: MediaServer;
let api: OpenaiServer;
let stack: ServiceStack;
let raw: NatsConnection;
let heard: HeardAudio[] = [];

beforeAll(async () => {
  media = await startMediaServer({
    '/long.mp3': file(join(FIXTURES, 'speech-40s.mp3')),
    '/short.flac': file(join(FIXTURES, 'speech-12s.flac'), 'audio/flac'),
  });
  api = await startOpenaiServer({
    transcribe: (audio) => {
      heard.push(audio);
      return uniqueTranscript(audio);
    },
  });
  stack = await startServiceStack(
    {
      DOWNLOAD_ALLOW_HOSTS: media.host,
      MIN_CHUNK_SECONDS: '10',
      ALLOWED_PROVIDERS: 'whisper,openai',
      OPENAI_BASE_URL: api.baseUrl,
      OPENAI_API_KEY: TEST_API_KEY,
      OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: '6000',
      // A server that never answers is given up after 3 s and a little.
      CHUNK_TIMEOUT_CONSTANT_SECONDS: '3',
      CHUNK_TIMEOUT_PER_SECOND: '0.01',
    },
    ['downloader', 'transcriber-openai', 'summarizer'],
  );
  raw = await connect({ servers: stack.nats.url });
  // A new endpoint is closed for one window, a minute: shorter ones make the test so.
  await stack.client.limits.set('openai.transcription', {
    layout: { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 },
  });
});

beforeEach(() => {
  heard = [];
});

afterAll(async () => {
  await raw?.close();
  await stack?.stop();
  await api?.close();
  await media?.close();
});

const transcribe = async (
  id: string,
  path: string,
  options: { model?: string; chunkSeconds?: number } = {},
): Promise<EpisodeState> => {
  await publishEpisode(stack.client, { id, url: media.url(path), options: { provider: 'openai', ...options } });
  return stack.finished(id);
};

const transcriptOf = async (id: string) => {
  const transcript = await readJson(stack.client.results, transcriptKey(id, 'json'), transcriptSchema, MAX_BYTES);
  if (transcript === undefined) throw new Error(`${id} has no transcript`);
  return transcript;
};

const chunkOf = async (id: string, index: number) => {
  const { results } = stack.client;
  return readJson(results, await chunkKey(results, id, index), chunkTranscriptSchema, MAX_BYTES);
};

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

describe('an episode for the API', () => {
  test('ends in the API’s words, sent as Ogg Opus in chunks it takes', async () => {
    const state = await transcribe('whole', '/long.mp3', { chunkSeconds: 15 });
    expect(state).toMatchObject({ status: 'done', errors: [] });
    const manifest = await readJson(stack.client.results, manifestKey('whole'), manifestSchema, MAX_BYTES);
    expect(manifest?.chunks.length).toBeGreaterThanOrEqual(2);
    expect(heard).toHaveLength(manifest?.chunks.length ?? 0);
    for (const { bytes, seconds } of heard) {
      expect(bytes.subarray(0, 4).toString('latin1')).toBe('OggS');
      expect(bytes.subarray(0, 64).includes('OpusHead')).toBe(true);
      expect(bytes.length).toBeLessThan(MAX_FILE_BYTES);
      expect(seconds).toBeLessThan(MAX_GPT_4O_SECONDS);
    }
    const transcript = await transcriptOf('whole');
    const found = words(transcript.segments.map(({ text }) => text).join(' '));
    const longest = Math.max(...heard.map(({ seconds }) => seconds));
    expect([...new Set(found)].toSorted()).toEqual(uniqueWords(longest).toSorted());
    // What two chunks both have heard is in the transcript once.
    expect(Math.abs(found.length * SECONDS_PER_WORD - transcript.seconds)).toBeLessThan(
      2 * SECONDS_PER_WORD * heard.length,
    );
    expect(transcript).toMatchObject({ providers: ['openai'], models: ['whisper-1'] });
  });

  test('says in each chunk’s transcript who heard it', async () => {
    for (const index of [0, 1])
      expect(await chunkOf('whole', index)).toMatchObject({
        provider: 'openai',
        engine: { name: 'openai' },
        model: 'whisper-1',
      });
  });

  test('gets estimated times from a model that gives none', async () => {
    const state = await transcribe('textonly', '/short.flac', { model: 'gpt-4o-mini-transcribe' });
    expect(state).toMatchObject({ status: 'done', errors: [] });
    const { segments, models, seconds } = await transcriptOf('textonly');
    expect(models).toEqual(['gpt-4o-mini-transcribe']);
    expect(words(segments.map(({ text }) => text).join(' '))).toEqual(uniqueWords(heard[0]?.seconds ?? 0));
    expect(segments.length).toBeGreaterThan(1);
    for (const { estimated, end } of segments) {
      expect(estimated).toBe(true);
      expect(end).toBeLessThanOrEqual(seconds);
    }
  });
});

describe('an API in trouble', () => {
  test.each<[string, ScriptedAnswer]>([
    ['throttles', { kind: 'rate-limit', retryAfterMs: 300 }],
    ['fails', { kind: 'error', status: 500 }],
    ['is slow', { kind: 'slow', delayMs: 1500 }],
    ['never answers', { kind: 'hang' }],
    ['drops the connection', { kind: 'dropped' }],
    ['drops the connection in the middle of its answer', { kind: 'dropped-midway' }],
    ['sends half of its JSON', { kind: 'truncated-json' }],
  ])('that %s costs nothing but time', async (name, answer) => {
    api.script(answer);
    const id = `trouble-${name.replace(/\W+/g, '-')}`;
    const before = api.stats().requests;
    const state = await transcribe(id, '/short.flac');
    expect(state).toMatchObject({ status: 'done', errors: [] });
    expect((await transcriptOf(id)).segments.length).toBeGreaterThan(0);
    expect(api.stats().requests - before).toBe(answer.kind === 'slow' ? 1 : 2);
  });

  test.each<[string, ScriptedAnswer, string, string]>([
    [
      'a key the API refuses, and repeats',
      { kind: 'error', status: 401, message: `Incorrect API key provided: ${TEST_API_KEY}.` },
      'bad-api-key',
      'Set OPENAI_API_KEY',
    ],
    [
      'audio the API refuses',
      { kind: 'error', status: 400, message: 'Audio file might be corrupted or unsupported' },
      'rejected-by-api',
      'Audio file might be corrupted or unsupported',
    ],
    [
      'audio that is too much for the API',
      { kind: 'error', status: 413, message: 'Maximum content size limit (26214400) exceeded' },
      'audio-too-large',
      'Maximum content size limit (26214400) exceeded',
    ],
  ])('%s fails the episode with the API’s reason', async (name, answer, reason, message) => {
    api.script(answer);
    const id = name.replace(/\W+/g, '-');
    const state = await transcribe(id, '/short.flac');
    expect(state.status).toBe('failed');
    expect(state.errors).toMatchObject([{ queue: 'transcribe-openai', chunk: 0, reason }]);
    expect(state.errors[0]?.message).toContain(message);
    const letters = [];
    for await (const { letter } of stack.client.deadLetters.list({ episodeId: id })) letters.push(letter.reason);
    expect(letters).toEqual([reason]);
  });

  test('never makes the key known: no log, state, event, dead letter or artifact holds it', async () => {
    expect(await findSecret('Incorrect API key', raw, stack.logs)).not.toEqual([]);
    expect(await findSecret(TEST_API_KEY, raw, stack.logs)).toEqual([]);
  });
});
