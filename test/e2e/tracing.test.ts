import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, headers as newHeaders, type NatsConnection } from 'nats';
import { EPISODES_SUBJECT } from '#shared/contracts/subjects';
import { FAKE_MODEL, prepareFakeEngine } from '../support/fake-models.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { serve, type LocalServer } from '../support/local-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';
import { type ReceivedSpan, startTraceReceiver, type TraceReceiver } from '../support/trace-receiver.ts';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);

const SPEECH = join(import.meta.dirname, '..', 'fixtures', 'speech-40s.mp3');

let folder: string;
let media: MediaServer;
let hook: LocalServer;
let receiver: TraceReceiver;
let stack: ServiceStack;
let nats: NatsConnection;
/** `traceparent` of the webhooks' requests. */
const told: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-tracing-'));
  media = await startMediaServer({
    '/speech.mp3': file(SPEECH),
    '/none.mp3': (_, response) => void response.writeHead(404).end(),
  });
  hook = await serve((request, response) => {
    told.push(String(request.headers.traceparent));
    response.writeHead(204).end();
  });
  receiver = await startTraceReceiver();
  stack = await startServiceStack(
    {
      ...(await prepareFakeEngine(folder)),
      FAKE_WHISPER_SPEED: '500',
      WHISPER_MODELS: FAKE_MODEL,
      DOWNLOAD_ALLOW_HOSTS: media.host,
      WEBHOOK_ALLOW_HOSTS: hook.host,
      MIN_CHUNK_SECONDS: '10',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-token=open%20sesame,x-team=audio',
    },
    ['downloader', 'transcriber-whisper', 'summarizer', 'caretaker'],
  );
  nats = await connect({ servers: stack.nats.url });
});

afterAll(async () => {
  await nats?.close();
  await stack?.stop();
  await receiver?.close();
  await hook?.[Symbol.asyncDispose]();
  await media?.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(id: string, path: string, traceparent?: string): Promise<void> {
  const headers = newHeaders();
  if (traceparent !== undefined) headers.set('traceparent', traceparent);
  const request = { id, url: media.url(path), options: { chunkSeconds: 15 }, webhook: `${hook.origin}/` };
  await nats.jetstream().publish(EPISODES_SUBJECT, JSON.stringify(request), { headers });
}

const spansOf = (id: string): ReceivedSpan[] => {
  const traces = new Set(
    receiver.spans.filter((span) => span.attributes['podline.episode'] === id).map((span) => span.traceId),
  );
  return receiver.spans.filter((span) => traces.has(span.traceId));
};

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan[] =>
  spans.filter((span) => span.name === name);

/** Spans whose parent nobody has sent. */
function orphans(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentId }) => !known.has(parentId));
}

describe('an episode', () => {
  test('is one connected trace, from its download to its webhook', async () => {
    await publish('t-one', '/speech.mp3');
    const state = await stack.finished('t-one');
    expect(state.status).toBe('done');
    await until(() => named(spansOf('t-one'), 'webhook').length === 1);
    const spans = spansOf('t-one');
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(orphans(spans).map(({ name }) => name)).toEqual(['download']);
    expect(orphans(spans)[0]?.parentId).toBe('');
    expect(new Set(spans.map(({ service }) => service))).toEqual(
      new Set(['downloader', 'transcriber-whisper', 'summarizer', 'caretaker']),
    );
    const chunks = state.chunks.length;
    expect(chunks).toBeGreaterThan(1);
    expect(named(spans, 'transcribe-whisper')).toHaveLength(chunks);
    expect(named(spans, 'engine call')).toHaveLength(chunks);
    for (const name of ['fetch', 'decode', 'cut', 'storage put', 'storage create', 'merge', 'summarize']) {
      expect(named(spans, name).length).toBeGreaterThan(0);
    }
    const parents = new Map(spans.map((span) => [span.spanId, span]));
    for (const call of named(spans, 'engine call')) expect(parents.get(call.parentId)?.name).toBe('transcribe-whisper');
    expect(told.at(-1)).toContain(spans[0]?.traceId ?? 'no trace');
  });

  test('takes its place in the trace of whoever published it', async () => {
    const traceId = 'a'.repeat(32);
    await publish('t-two', '/speech.mp3', `00-${traceId}-${'b'.repeat(16)}-01`);
    await stack.finished('t-two');
    await until(() => named(spansOf('t-two'), 'webhook').length === 1);
    const spans = spansOf('t-two');
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(orphans(spans).map(({ parentId }) => parentId)).toEqual(['b'.repeat(16)]);
  });

  test('that fails says so, and stays in its trace when it is tried again', async () => {
    await publish('t-three', '/none.mp3');
    expect((await stack.finished('t-three')).status).toBe('failed');
    await until(() => named(spansOf('t-three'), 'download').length === 1);
    expect(named(spansOf('t-three'), 'download')[0]).toMatchObject({
      failed: true,
      attributes: { 'podline.settled': 'dead-letter', 'error.type': 'not-found' },
    });
    // A replay, and another publishing with a trace of its own.
    for await (const letter of stack.client.deadLetters.list({ episodeId: 't-three' }))
      await stack.client.deadLetters.replay(letter);
    await until(() => named(spansOf('t-three'), 'download').length === 2);
    await publish('t-three', '/none.mp3', `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`);
    await until(() => named(spansOf('t-three'), 'download').length === 3);
    const downloads = named(spansOf('t-three'), 'download');
    expect(new Set(downloads.map((span) => span.traceId)).size).toBe(1);
    expect(downloads[2]?.links).toEqual(['c'.repeat(32)]);
  });
});

describe('the exporter', () => {
  test('sends its headers to the collector, and to no log', async () => {
    expect(receiver.headers.at(-1)).toMatchObject({ 'x-token': 'open sesame', 'x-team': 'audio' });
    const log = await readFile(join(stack.logs, 'downloader.log'), 'utf8');
    expect(log).toContain('Sending traces');
    expect(log).not.toContain('sesame');
  });

  test('names the trace on the log lines of a job', async () => {
    const traceId = spansOf('t-one')[0]?.traceId ?? 'no trace';
    const lines = (await readFile(join(stack.logs, 'summarizer.log'), 'utf8'))
      .split('\n')
      .filter((line) => line.includes('Episode done'));
    const line = JSON.parse(lines.find((one) => one.includes('t-one')) ?? '{}') as Record<string, unknown>;
    expect(line).toMatchObject({ episodeId: 't-one', queue: 'summarize', delivery: 1, traceId });
  });
});

describe('the log level', () => {
  test('changes while services run, where it was asked for', async () => {
    const request = { level: 'error', seconds: 600, service: 'summarizer' } as const;
    expect(await stack.client.setLogLevel(request, 500)).toMatchObject([{ service: 'summarizer', level: 'error' }]);
    await publish('t-quiet', '/speech.mp3');
    await stack.finished('t-quiet');
    const [loud, quiet] = await Promise.all(
      ['downloader', 'summarizer'].map((name) => readFile(join(stack.logs, `${name}.log`), 'utf8')),
    );
    expect(loud).toContain('t-quiet');
    expect(quiet).not.toContain('t-quiet');
    expect(await stack.client.setLogLevel({ level: 'info', seconds: 600 }, 500)).toHaveLength(4);
  });
});
