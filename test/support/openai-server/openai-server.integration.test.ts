import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import OpenAI, { RateLimitError, toFile } from 'openai';
import type { TranscriptionCreateParamsNonStreaming } from 'openai/resources/audio/transcriptions';
import { z } from 'zod';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from './openai-server.ts';

const WORDS: ('word' | 'segment')[] = ['word'];
const FORMATS = ['wav', 'flac', 'ogg', 'mp3', 'm4a', 'webm'] as const;

let folder: string;
const clips = new Map<string, Buffer>();
let api: OpenaiServer;
let client: OpenAI;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-openai-server-test-'));
  await Promise.all([
    makeClips(
      FORMATS.map((format) => `clip.${format}`),
      4,
    ),
    makeClips(['long.flac'], 1500),
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  api = await startOpenaiServer();
  client = clientOf(api);
});

afterEach(() => api.close());

describe('transcriptions', () => {
  test.each(FORMATS)('hears the seconds of a %s file', async (format) => {
    const heard = await transcribe(format, { response_format: 'verbose_json' });
    expect(heard.duration).toBeGreaterThan(3.9);
    expect(heard.duration).toBeLessThan(4.2);
  });

  test('gives words and segments where they are asked for', async () => {
    const heard = await transcribe('wav', {
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(heard.words).toHaveLength(10);
    expect(heard.segments).toHaveLength(1);
    expect(heard.text.split(' ')).toHaveLength(10);
  });

  test('gives segments alone unless words are asked for', async () => {
    const heard = await transcribe('wav', { response_format: 'verbose_json' });
    expect(heard).toMatchObject({ segments: [{ start: 0 }] });
    expect(heard.words).toBeUndefined();
  });

  test('answers gpt-4o-transcribe with tokens used, whisper-1 with seconds', async () => {
    const file = await toFile(clip('wav'), 'a.wav');
    const tokens = await client.audio.transcriptions.create({ file, model: 'gpt-4o-transcribe' });
    expect(tokens.usage).toMatchObject({ type: 'tokens', input_tokens: 40 });
    const seconds = await client.audio.transcriptions.create({ file, model: 'whisper-1' });
    expect(seconds.usage).toEqual({ type: 'duration', seconds: 4 });
  });

  test('cuts an answer of gpt-4o at 2,000 tokens, and says nothing', async () => {
    const long = { text: 'x'.repeat(10_000), words: [], segments: [] };
    await api.close();
    api = await startOpenaiServer({ transcribe: () => long });
    client = clientOf(api);
    const file = await toFile(clip('wav'), 'a.wav');
    const cut = await client.audio.transcriptions.create({ file, model: 'gpt-4o-transcribe' });
    expect(cut.text).toHaveLength(8000);
    expect(cut.usage).toMatchObject({ output_tokens: 2000 });
    expect((await client.audio.transcriptions.create({ file, model: 'gpt-transcribe' })).text).toHaveLength(10_000);
  });

  test('uses the injected transcription', async () => {
    await api.close();
    api = await startOpenaiServer({
      transcribe: ({ seconds, prompt }) => ({ text: `${Math.round(seconds)} s, ${prompt}`, words: [], segments: [] }),
    });
    client = clientOf(api);
    const file = await toFile(clip('flac'), 'a.flac');
    const { text } = await client.audio.transcriptions.create({ file, model: 'whisper-1', prompt: 'hello' });
    expect(text).toBe('4 s, hello');
  });

  test.each([
    ['an unknown model', 'wav', { model: 'whisper-9' }, 404, 'model_not_found'],
    [
      'verbose_json of gpt-4o',
      'wav',
      { model: 'gpt-4o-transcribe', response_format: 'verbose_json' },
      400,
      'unsupported_value',
    ],
    ['srt of gpt-4o', 'wav', { model: 'gpt-4o-mini-transcribe', response_format: 'srt' }, 400, 'unsupported_value'],
    ['word times without verbose_json', 'wav', { timestamp_granularities: WORDS }, 400, null],
    ['1,500 s for gpt-4o', 'long.flac', { model: 'gpt-4o-transcribe' }, 400, 'invalid_value'],
    ['text that is no audio', 'junk', {}, 400, null],
    ['an empty file', 'empty', {}, 400, 'invalid_value'],
    ['a broken file', 'broken', {}, 400, 'invalid_value'],
    ['a file over 25 MB', 'huge', {}, 413, null],
  ] as const)('refuses %s', async (_what, name, options, status, code) => {
    await expect(transcribe(name, options)).rejects.toMatchObject({ status, code });
  });

  test('takes 1,500 s for whisper-1', async () => {
    await expect(transcribe('long.flac', {})).resolves.toMatchObject({ text: expect.stringContaining('harbour') });
  });
});

describe('chat', () => {
  const messages = [{ role: 'user' as const, content: 'Summarize: the boats went out.' }];

  test('answers, counting tokens', async () => {
    const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages, max_completion_tokens: 50 });
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.prompt_tokens).toBe(9);
    expect(api.stats().arrivals[0]).toMatchObject({ tokens: 59, status: 200 });
  });

  test('cuts an answer at its maximum', async () => {
    const answer = await client.chat.completions.create({ model: 'gpt-4o-mini', messages, max_completion_tokens: 3 });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage?.completion_tokens).toBe(3);
  });

  test('answers a schema with the smallest JSON that fits it', async () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, points: { type: 'array', items: { type: 'integer' } } },
    };
    const answer = await client.chat.completions.create({
      model: 'gpt-4.1-mini',
      messages,
      response_format: { type: 'json_schema', json_schema: { name: 'summary', schema } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ title: expect.any(String), points: [0] });
  });

  test('refuses max_tokens for models that renamed it, and messages that are missing', async () => {
    await expect(
      client.chat.completions.create({ model: 'gpt-5-mini', messages, max_tokens: 9 }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
    });
    await expect(client.chat.completions.create({ model: 'gpt-4o', messages: [] })).rejects.toMatchObject({
      status: 400,
    });
  });
});

test('refuses a wrong key as the API does, without repeating it', async () => {
  const stranger = new OpenAI({ baseURL: api.baseUrl, apiKey: 'sk-wrong', maxRetries: 0 });
  const failure: unknown = await stranger.models.list().catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 401, code: 'invalid_api_key' });
  expect(String(failure)).not.toContain('sk-wrong');
});

test('lists its models', async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toContain('whisper-1');
});

describe('scripted answers', () => {
  test.each([
    [
      { kind: 'error', status: 400, code: 'bad' },
      { status: 400, code: 'bad' },
    ],
    [{ kind: 'error', status: 401, code: 'invalid_api_key' }, { status: 401 }],
    [{ kind: 'error', status: 413 }, { status: 413 }],
    [
      { kind: 'error', status: 500 },
      { status: 500, type: 'server_error' },
    ],
    [{ kind: 'error', status: 503, headers: { 'retry-after': '7' } }, { status: 503 }],
    [{ kind: 'insufficient-quota' }, { status: 429, code: 'insufficient_quota' }],
    [{ kind: 'dropped' }, { name: 'Error', message: 'Connection error.' }],
  ] as const)('%j comes once, then a proper answer', async (answer, failure) => {
    api.script(answer);
    await expect(transcribe('wav', {})).rejects.toMatchObject(failure);
    await expect(transcribe('wav', {})).resolves.toMatchObject({ text: expect.any(String) });
  });

  test('a 429 carries retry-after and x-ratelimit headers', async () => {
    api.setLimits({ windowMs: 60_000, requests: 10 });
    api.script({ kind: 'rate-limit', retryAfterMs: 1500, headers: { 'x-ratelimit-remaining-requests': '0' } });
    const failure: unknown = await transcribe('wav', {}).catch((error: unknown) => error);
    if (!(failure instanceof RateLimitError)) throw new Error(`Expected a rate limit error, got ${String(failure)}`);
    expect(Object.fromEntries(failure.headers.entries())).toMatchObject({
      'retry-after': '2',
      'retry-after-ms': '1500',
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': expect.stringMatching(/^(\d+m)?\d+(\.\d+)?s$/),
    });
  });

  test('a hang is never answered, and ends when the caller gives up', async () => {
    api.script({ kind: 'hang' });
    const caller = new AbortController();
    const file = await toFile(clip('wav'), 'a.wav');
    const call = client.audio.transcriptions.create({ file, model: 'whisper-1' }, { signal: caller.signal });
    const aborted = expect(call).rejects.toThrow('aborted');
    setTimeout(() => caller.abort(), 100);
    await aborted;
    expect(api.stats().statuses).toEqual({ 0: 1 });
  });

  test('broken JSON and a body cut midway both fail the call', async () => {
    api.script({ kind: 'truncated-json' }, { kind: 'dropped-midway' });
    await expect(transcribe('wav', {})).rejects.toThrow();
    await expect(transcribe('wav', {})).rejects.toThrow();
  });

  test('a standing answer stays until it is taken back', async () => {
    api.always({ kind: 'error', status: 500 });
    await expect(transcribe('wav', {})).rejects.toMatchObject({ status: 500 });
    await expect(transcribe('wav', {})).rejects.toMatchObject({ status: 500 });
    api.always(undefined);
    await expect(transcribe('wav', {})).resolves.toBeDefined();
  });
});

describe('limits', () => {
  test('the request over the limit is refused, says when to come back, and counts', async () => {
    api.setLimits({ windowMs: 60_000, requests: 2 });
    await transcribe('wav', {});
    await transcribe('wav', {});
    await expect(transcribe('wav', {})).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(api.stats()).toMatchObject({
      requests: 3,
      statuses: { 200: 2, 429: 1 },
      overLimit: { requests: 1 },
      mostInAnyWindow: { requests: 3 },
    });
  });

  test('audio seconds and tokens are limited as well', async () => {
    api.setLimits({ windowMs: 60_000, audioSeconds: 7, tokens: 100 });
    await transcribe('wav', {});
    await expect(transcribe('wav', {})).rejects.toMatchObject({ status: 429 });
    const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'x' }], max_completion_tokens: 100 };
    await expect(client.chat.completions.create(chat)).rejects.toMatchObject({ status: 429 });
    expect(api.stats().overLimit).toMatchObject({ audioSeconds: 1, tokens: 1, requests: 0 });
  });

  test('so are requests at once', async () => {
    api.setLimits({ windowMs: 60_000, concurrent: 2 });
    api.always({ kind: 'slow', delayMs: 200 });
    const calls = await Promise.allSettled(Array.from({ length: 3 }, () => transcribe('wav', {})));
    expect(calls.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(api.stats()).toMatchObject({ mostConcurrent: 3, overLimit: { concurrent: 1 } });
  });
});

test('runs as its own process, controlled over HTTP', async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const child = execa('node', ['--conditions=podline-source', main, '{"latencyMs":1}'], {
    preferLocal: true,
    buffer: false,
    reject: false,
  });
  try {
    const { baseUrl } = startedSchema.parse(JSON.parse(await firstLine(child.stdout)));
    const control = (path: string, body: unknown): Promise<Response> =>
      fetch(new URL(`/_test/${path}`, baseUrl), { method: 'POST', body: JSON.stringify(body) });
    await control('limits', { windowMs: 1000, requests: 5 });
    await control('script', [{ kind: 'error', status: 503 }]);
    const other = new OpenAI({ baseURL: baseUrl, apiKey: TEST_API_KEY, maxRetries: 0 });
    const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'x' }] };
    await expect(other.chat.completions.create(chat)).rejects.toMatchObject({ status: 503 });
    await expect(other.chat.completions.create(chat)).resolves.toBeDefined();
    const stats = await (await fetch(new URL('/_test/stats', baseUrl))).json();
    expect(stats).toMatchObject({ requests: 2, statuses: { 200: 1, 503: 1 } });
  } finally {
    child.kill('SIGKILL');
    await child;
  }
});

const startedSchema = z.object({ baseUrl: z.string() });

/** What a child prints first; its iterator would wait for its end. */
async function firstLine(stdout: Readable): Promise<string> {
  const [chunk]: unknown[] = await once(stdout, 'data');
  return String(chunk);
}

function clientOf({ baseUrl }: OpenaiServer): OpenAI {
  return new OpenAI({ baseURL: baseUrl, apiKey: TEST_API_KEY, maxRetries: 0 });
}

/** Files of one tone, all by one ffmpeg: most of its time goes into starting. */
async function makeClips(names: readonly string[], seconds: number): Promise<void> {
  const source = `sine=frequency=300:sample_rate=8000:duration=${seconds}`;
  const outputs = names.flatMap((name) => [...(/ogg|webm/.test(name) ? ['-c:a', 'libopus'] : []), join(folder, name)]);
  await execa('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...outputs], { stdin: 'ignore' });
  for (const name of names) clips.set(name.replace('clip.', ''), await readFile(join(folder, name)));
}

function clip(name: string): Buffer {
  if (name === 'junk') return Buffer.from('this is no audio at all, only text');
  if (name === 'empty') return Buffer.alloc(0);
  if (name === 'broken') return Buffer.from('fLaC but nothing that follows is a FLAC stream, so no duration');
  if (name === 'huge') return Buffer.alloc(26_214_401, 'RIFF');
  const bytes = clips.get(name);
  if (!bytes) throw new Error(`No clip named ${name}.`);
  return bytes;
}

const heardSchema = z.object({
  text: z.string(),
  duration: z.number().optional(),
  words: z.array(z.unknown()).optional(),
  segments: z.array(z.unknown()).optional(),
});

async function transcribe(
  name: string,
  options: Partial<TranscriptionCreateParamsNonStreaming>,
): Promise<z.infer<typeof heardSchema>> {
  const file = await toFile(clip(name), 'clip.bin');
  return heardSchema.parse(await client.audio.transcriptions.create({ model: 'whisper-1', ...options, file }));
}
