import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { longTranscript } from '../../../../bench/eval/summaries/long-transcript.ts';
import { obedientModel } from '../../../../test/support/obedient-model.ts';
import { Gate } from '#shared/parallel/gate';
import type { SummaryProvider } from '../summary-provider.ts';
import { LocalLimit } from './local-limit.ts';
import { localProvider, type LocalProviderOptions } from './local-provider.ts';
import { openAiChatClient } from './openai-chat-client.ts';

const signal = new AbortController().signal;
const MILL = { language: 'en', seconds: 9, segments: [{ start: 0, end: 9, text: 'The tide drives the old mill.' }] };

interface Asked {
  model: string;
  max_tokens: number;
  response_format?: { type: string };
  messages: { content: string }[];
}

/** What a server of one's own does; paths that are not given do not exist. */
interface Kind {
  pages?: Record<string, unknown>;
  /** Response formats it takes, besides none. */
  formats?: string[];
  complete: (asked: Asked) => string;
}

let server: Server | undefined;
let asked: Asked[] = [];

afterEach(async () => {
  asked = [];
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

async function start(
  { pages = {}, formats = [], complete }: Kind,
  parallelism = 1,
  model = 'default',
  more: Partial<LocalProviderOptions> = {},
): Promise<SummaryProvider> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const send = (status: number, body: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      const { url = '' } = request;
      if (url in pages) return send(200, pages[url]);
      if (url !== '/v1/chat/completions') return send(404, { error: 'not found' });
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
      asked.push(body);
      const format = body.response_format?.type;
      if (format !== undefined && !formats.includes(format)) {
        return send(400, { error: { message: `response_format ${format} is not supported` } });
      }
      const message = { role: 'assistant', content: complete(body) };
      return send(200, {
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage: { prompt_tokens: 5, completion_tokens: 5 },
      });
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return localProvider({
    model,
    baseURL,
    client: openAiChatClient({ provider: 'local', baseURL, timeoutMs: 5000 }),
    limiter: new LocalLimit({ maxConcurrent: 1 }),
    parts: new Gate(parallelism),
    sentences: 5,
    ...more,
  });
}

const promptOf = ({ messages }: Asked): string => messages.map(({ content }) => content).join('\n');
const obey = (request: Asked): string => obedientModel({ prompt: promptOf(request), schema: undefined });

describe('a server', () => {
  test('that knows schemas is asked with one', async () => {
    const local = await start({
      formats: ['json_schema'],
      complete: (request) => obedientModel({ prompt: promptOf(request), schema: 'abstract' }),
    });
    await expect(local.summarize(MILL, { signal })).resolves.toMatchObject({
      provider: 'local',
      abstract: MILL.segments[0]!.text,
    });
    expect(asked).toHaveLength(1);
  });

  test('that knows only JSON is asked for that from then on, and its JSON is mended', async () => {
    const local = await start({
      formats: ['json_object'],
      complete: (request) => `Sure!\n\`\`\`json\n${obey(request).replace(/\}$/, ',}')}\n\`\`\``,
    });
    await local.summarize(MILL, { signal });
    await expect(local.summarize(MILL, { signal })).resolves.toMatchObject({ abstract: MILL.segments[0]!.text });
    expect(asked.map((request) => request.response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      'json_object',
    ]);
    expect(promptOf(asked[1]!)).toContain('"additionalProperties":false');
  });

  test('that knows neither is asked for plain text', async () => {
    const local = await start({
      complete: () => 'TITLE: Mill\nABSTRACT: The tide drives it.\nPOINTS:\n- [0] The tide drives it.',
    });
    await expect(local.summarize(MILL, { signal })).resolves.toMatchObject({
      abstract: 'The tide drives it.',
      keyPoints: [{ text: 'The tide drives it.', start: 0 }],
      figures: { calls: 1 },
    });
    expect(asked.map((request) => request.response_format?.type)).toEqual(['json_schema', 'json_object', undefined]);
  });

  test('that takes a schema and ignores it is taken at its word the second time', async () => {
    const local = await start({
      formats: ['json_schema'],
      complete: () => '<think>hm</think>The tide drives a mill. It is old.',
    });
    await expect(local.summarize(MILL, { signal })).resolves.toMatchObject({
      abstract: 'The tide drives a mill. It is old.',
      figures: { calls: 2 },
    });
  });

  test('that says nothing is given up', async () => {
    const local = await start({ formats: ['json_schema'], complete: () => '' });
    await expect(local.summarize(MILL, { signal })).rejects.toMatchObject({ reason: 'invalid-answer' });
  });
});

describe('the context', () => {
  const long = longTranscript(0.5);
  const ollama = (pages: Record<string, unknown>) => ({ '/v1/models': { data: [{ id: 'qwen3' }] }, ...pages });

  test.each([
    ['llama.cpp’s', { '/props': { default_generation_settings: { n_ctx: 20_480 } } }, 'one'],
    ['vLLM’s', { '/v1/models': { data: [{ id: 'qwen3', max_model_len: 20_480 }] } }, 'one'],
    [
      'Ollama’s, of a running model',
      ollama({ '/api/ps': { models: [{ name: 'qwen3', context_length: 20_480 }] } }),
      'one',
    ],
    [
      'Ollama’s, as configured',
      ollama({ '/api/show': { parameters: 'num_ctx  20480\nstop x', model_info: { 'qwen.context_length': 40_960 } } }),
      'one',
    ],
    [
      'Ollama’s own default, not the model’s',
      ollama({ '/api/show': { model_info: { 'qwen.context_length': 40_960 } } }),
      'parts',
    ],
    ['what is assumed where the server does not say', {}, 'parts'],
  ])('is %s', async (_, pages, expected) => {
    const local = await start({ pages, complete: () => 'ABSTRACT: A talk.\nPOINTS:\n- [0] A talk.' });
    const { figures } = await local.summarize(long, { signal });
    expect(figures.parts > 1 ? 'parts' : 'one').toBe(expected);
  });

  const show = ollama({ '/api/show': { model_info: { 'qwen.context_length': 40_960 } } });
  test.each([
    ['the setting, where the server does not say', {}, { contextTokens: 20_480 }],
    ['the setting, where the server would only take its default', show, { contextTokens: 20_480 }],
    [
      'the model’s setting before the one for all',
      show,
      { contextTokens: 4096, models: new Map([['qwen3', { contextTokens: 20_480 }]]) },
    ],
  ])('is %s', async (_, pages, more) => {
    const local = await start({ pages, complete: () => 'ABSTRACT: A talk.' }, 1, 'default', more);
    await expect(local.summarize(long, { signal })).resolves.toMatchObject({ figures: { parts: 1 } });
  });

  test('is asked for once, and the model is the one the server has', async () => {
    let pageViews = 0;
    const pages = {
      get '/v1/models'() {
        pageViews++;
        return { data: [{ id: 'qwen3', max_model_len: 20_480 }] };
      },
    };
    const local = await start({ pages, complete: () => 'A talk.' });
    await expect(local.summarize(MILL, { signal })).resolves.toMatchObject({ model: 'qwen3' });
    await local.summarize(MILL, { signal });
    expect(pageViews).toBe(1);
    expect(asked.at(-1)!.model).toBe('qwen3');
  });
});

test('a server that is not there is said so', async () => {
  const local = await start({ complete: () => '' });
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await expect(local.summarize(MILL, { signal })).rejects.toMatchObject({ reason: 'connection', retryable: true });
});
