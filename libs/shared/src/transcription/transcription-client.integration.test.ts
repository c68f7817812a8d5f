import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type OpenaiServer,
  startOpenaiServer,
  TEST_API_KEY,
} from '../../../../test/support/openai-server/openai-server.ts';
import { startWhisperServer, type TestWhisperServer } from '../../../../test/support/whisper-server.ts';
import { CancelledError, PermanentError, type PodlineError, RetryableError } from '#shared/errors';
import { checkCompleteness } from './completeness.ts';
import { WHISPER_SERVER_MODEL } from './openai-models.ts';
import { type TranscriptionCall, TranscriptionClient, type TranscriptionRequest } from './transcription-client.ts';
import { bareWord, splitWords } from './words.ts';

const FIXTURES = join(import.meta.dirname, '../../../../test/fixtures');
const AUDIO = await readFile(join(FIXTURES, 'speech-12s.flac'));
const SCRIPT = await readFile(join(FIXTURES, 'speech-12s.txt'), 'utf8');
const SECONDS = 12;

const REQUEST: TranscriptionRequest = { audio: AUDIO, fileName: 'chunk.flac', seconds: SECONDS, model: 'whisper-1' };

function call(more: Partial<TranscriptionCall> = {}): TranscriptionCall {
  return { signal: new AbortController().signal, timeoutMs: 30_000, ...more };
}

async function errorOf(answer: Promise<unknown>): Promise<PodlineError & { delayMs?: number | undefined }> {
  return answer.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: PodlineError) => error,
  );
}

describe('the OpenAI API', () => {
  let api: OpenaiServer;
  let client: TranscriptionClient;

  beforeAll(async () => {
    api = await startOpenaiServer();
    client = new TranscriptionClient({ baseURL: api.baseUrl, apiKey: TEST_API_KEY });
  });
  afterAll(() => api.close());
  beforeEach(() => api.always(undefined));

  test('answers with segments and words', async () => {
    const answer = await client.transcribe({ ...REQUEST, language: 'auto', prompt: 'tea' }, call());
    expect(answer).toMatchObject({ language: 'en', warnings: [] });
    expect(answer.segments[0]).toMatchObject({ start: 0, end: 4, text: expect.stringMatching(/^every morning/) });
    expect(answer.segments[0]?.words).toHaveLength(10);
  });

  test('answers with text alone from a gpt-4o model, which is spread over the speech', async () => {
    const answer = await client.transcribe({ ...REQUEST, model: 'gpt-4o-transcribe', speech: [[2, 10]] }, call());
    expect(answer.segments.at(0)).toMatchObject({ start: 2, estimated: true });
    expect(answer.segments.at(-1)).toMatchObject({ end: 10, estimated: true });
    expect(answer.outputTokens).toBeGreaterThan(0);
  });

  test('that stops at its limit of tokens is reported as cut off', async () => {
    api.script({
      kind: 'body',
      body: JSON.stringify({ text: 'and so on', usage: { type: 'tokens', output_tokens: 2000 } }),
    });
    const { warnings } = await client.transcribe({ ...REQUEST, model: 'gpt-4o-transcribe' }, call());
    expect(warnings.map(({ reason }) => reason)).toEqual(['truncated']);
  });

  test('shows a limiter the headers of good and bad answers', async () => {
    const seen: [number, string | null][] = [];
    const onResponse = (headers: Headers, status: number) =>
      void seen.push([status, headers.get('x-ratelimit-remaining-requests')]);
    api.script({ kind: 'rate-limit', headers: { 'x-ratelimit-remaining-requests': '0' } });
    await errorOf(client.transcribe(REQUEST, call({ onResponse })));
    await client.transcribe(REQUEST, call({ onResponse }));
    expect(seen).toEqual([
      [429, '0'],
      [200, null],
    ]);
  });

  test.each([
    [{ kind: 'error', status: 400, message: 'Audio file might be corrupted' }, 'rejected-by-api', 'might be corrupted'],
    [{ kind: 'error', status: 422, message: 'no such language' }, 'rejected-by-api', 'no such language'],
    [{ kind: 'error', status: 401, message: `Incorrect API key provided: ${TEST_API_KEY}` }, 'bad-api-key', '[key]'],
    [{ kind: 'error', status: 403, message: 'Key sk-proj-abc***xyz may not' }, 'bad-api-key', 'Key [key] may not'],
    [{ kind: 'error', status: 404, message: 'The model does not exist' }, 'unknown-model', '"whisper-1"'],
    [{ kind: 'error', status: 413, message: 'too big' }, 'audio-too-large', 'shorter chunks'],
  ] as const)('%j is permanent', async (answer, reason, part) => {
    api.script(answer);
    const error = await errorOf(client.transcribe(REQUEST, call()));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.reason).toBe(reason);
    expect(error.message).toContain(part);
    expect(error.message).not.toContain(TEST_API_KEY);
  });

  test.each([
    [{ kind: 'rate-limit', retryAfterMs: 1700 }, 'rate-limited', 1700, true],
    [{ kind: 'rate-limit', headers: { 'retry-after': '20' } }, 'rate-limited', 20_000, true],
    [{ kind: 'rate-limit' }, 'rate-limited', undefined, true],
    [{ kind: 'insufficient-quota' }, 'quota-exhausted', 300_000, true],
    [{ kind: 'error', status: 500 }, 'api-failed', undefined, false],
    [{ kind: 'error', status: 503, headers: { 'retry-after': '3' } }, 'api-failed', 3000, false],
    [{ kind: 'dropped' }, 'connection', undefined, false],
    [{ kind: 'dropped-midway' }, 'connection', undefined, false],
    [{ kind: 'truncated-json' }, 'invalid-answer', undefined, false],
    [
      { kind: 'body', body: '<html>\u001B[31mBad gateway</html>', contentType: 'text/html' },
      'invalid-answer',
      undefined,
      false,
    ],
    [{ kind: 'body', body: '{"text":5}' }, 'invalid-answer', undefined, false],
  ] as const)('%j may be tried again', async (answer, reason, delayMs, blameless) => {
    api.script(answer);
    const error = await errorOf(client.transcribe(REQUEST, call()));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ reason, delayMs, blameless });
    expect(error.message).not.toContain('\u001B');
    expect(api.stats().overLimit.requests).toBe(0);
  });

  test('is asked once: nothing is repeated behind the back of the limiter', async () => {
    const before = api.stats().requests;
    api.script({ kind: 'error', status: 500 });
    await errorOf(client.transcribe(REQUEST, call()));
    expect(api.stats().requests).toBe(before + 1);
  });

  test('that does not answer in time may be tried again', async () => {
    api.script({ kind: 'hang' });
    const error = await errorOf(client.transcribe(REQUEST, call({ timeoutMs: 50 })));
    expect(error).toMatchObject({ reason: 'timeout', retryable: true });
  });

  test('is left when the job is cancelled, for the reason given', async () => {
    const controller = new AbortController();
    const before = api.stats().requests;
    api.script({ kind: 'hang' });
    const answer = errorOf(client.transcribe(REQUEST, call({ signal: controller.signal })));
    while (api.stats().requests === before) await setImmediate();
    controller.abort();
    expect(await answer).toBeInstanceOf(CancelledError);
    const taken = new RetryableError('taken-over', 'Another replica has it.');
    expect(await errorOf(client.transcribe(REQUEST, call({ signal: AbortSignal.abort(taken) })))).toBe(taken);
  });

  test('is not sent what it would refuse', async () => {
    const before = api.stats().requests;
    const long = await errorOf(client.transcribe({ ...REQUEST, model: 'gpt-4o-transcribe', seconds: 1401 }, call()));
    const large = await errorOf(client.transcribe({ ...REQUEST, audio: new Uint8Array(25_000_001) }, call()));
    expect([long.reason, large.reason]).toEqual(['audio-too-long', 'audio-too-large']);
    expect(api.stats().requests).toBe(before);
  });

  test('with the wrong key is refused without the key being told', async () => {
    const stranger = new TranscriptionClient({ baseURL: api.baseUrl, apiKey: 'sk-secret-12345' });
    const error = await errorOf(stranger.transcribe(REQUEST, call()));
    expect(error.reason).toBe('bad-api-key');
    expect(error.message).not.toContain('secret');
  });

  test('that is not there is told by its address', async () => {
    const nobody = new TranscriptionClient({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'k' });
    const error = await errorOf(nobody.transcribe(REQUEST, call()));
    expect(error).toMatchObject({ reason: 'connection', message: expect.stringContaining('ECONNREFUSED 127.0.0.1:9') });
  });
});

describe('an engine that writes without end', () => {
  let server: Server;
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  test('is not listened to for ever', async () => {
    const junk = Buffer.alloc(1024 * 1024, 'x');
    server = createServer((request, response) => {
      request.resume();
      const endless = Readable.from(Array.from({ length: 200 }, () => junk));
      pipeline(endless, response, () => undefined);
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const client = new TranscriptionClient({ baseURL: `http://127.0.0.1:${port}/v1` });
    const error = await errorOf(client.transcribe(REQUEST, call()));
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('longer than') });
  });
});

describe("whisper.cpp's server", () => {
  let engine: TestWhisperServer;
  let client: TranscriptionClient;
  const request = { ...REQUEST, model: 'tiny.en' };

  beforeAll(async () => {
    engine = await startWhisperServer();
    client = new TranscriptionClient({ baseURL: engine.baseURL, describeModel: () => WHISPER_SERVER_MODEL });
  }, 60_000);
  afterAll(() => engine.stop());

  test('transcribes speech, word for word and in time', async () => {
    const answer = await client.transcribe({ ...request, language: 'en', extra: { max_context: 0 } }, call());
    const heard = answer.segments.flatMap(({ text }) => splitWords(text)).map(bareWord);
    const said = splitWords(SCRIPT).map(bareWord);
    const missed = said.filter((word) => !heard.includes(word));
    expect(missed.length / said.length).toBeLessThan(0.15);
    expect(answer.segments.every(({ words = [] }) => words.length > 0)).toBe(true);
    const check = checkCompleteness({
      seconds: SECONDS,
      speech: [[0, SECONDS]],
      warnings: answer.warnings,
      segments: answer.segments,
    });
    expect(check.findings).toEqual([]);
  }, 60_000);

  test('refuses what is no audio, for good', async () => {
    const error = await errorOf(client.transcribe({ ...request, audio: Buffer.from('no audio') }, call()));
    expect(error).toMatchObject({ reason: 'rejected-by-api', retryable: false });
  });

  test('that is killed costs the job one more try', async () => {
    const answer = errorOf(client.transcribe(request, call()));
    await engine.kill('SIGKILL');
    expect(await answer).toMatchObject({ reason: 'connection', retryable: true });
  });
});
