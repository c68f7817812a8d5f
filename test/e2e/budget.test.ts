import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { execa } from 'execa';
import { connect, type NatsConnection } from 'nats';
import type { PodlineEvent } from '#shared/contracts/events';
import { EVENTS_STREAM } from '#shared/contracts/subjects';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { findSecret } from '../support/find-secret.ts';
import { until } from '../support/until.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { obedientModel } from '../support/obedient-model.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '..', '..');
/** Windows short enough for a test: a new endpoint is closed for one. */
const LAYOUT = { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 };

let media: MediaServer;
let api: OpenaiServer;
let stack: ServiceStack;
let raw: NatsConnection;
const metrics: string[] = [];

const podline = (...args: string[]) =>
  execa(process.execPath, [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), ...args], {
    env: { NATS_URL: stack.nats.url },
    reject: false,
  });

beforeAll(async () => {
  media = await startMediaServer({
    '/short.flac': file(join(ROOT, 'test', 'fixtures', 'speech-12s.flac'), 'audio/flac'),
  });
  api = await startOpenaiServer({ complete: obedientModel });
  stack = await startServiceStack(
    {
      DOWNLOAD_ALLOW_HOSTS: media.host,
      MIN_CHUNK_SECONDS: '10',
      OPENAI_BASE_URL: api.baseUrl,
      OPENAI_API_KEY: TEST_API_KEY,
    },
    [],
  );
  for (const endpoint of ['openai.transcription', 'openai.summaries']) {
    await stack.client.limits.apply(endpoint, { requestsPerMinute: 6000, layout: LAYOUT }, false);
    await stack.client.limits.set(endpoint, { requestsPerMinute: 6000 });
  }
  for (const name of ['downloader', 'transcriber-openai', 'summarizer'] as const)
    metrics.push((await stack.start(name)).url);
  raw = await connect({ servers: stack.nats.url });
});

afterEach(async () => {
  await podline('budget', 'set', '--anew');
});

afterAll(async () => {
  await raw?.close();
  await stack?.stop();
  await api?.close();
  await media?.close();
});

const publish = (id: string): Promise<string> =>
  publishEpisode(stack.client, {
    id,
    url: media.url('/short.flac'),
    options: { provider: 'openai', summary: { provider: 'openai' } },
  });

const eventsOf = async (id: string, type: string): Promise<PodlineEvent[]> => {
  const jsm = await raw.jetstreamManager();
  const subjects = (await jsm.streams.info(EVENTS_STREAM, { subjects_filter: `podline.events.${id}.${type}.>` })).state
    .subjects;
  const messages = Object.keys(subjects ?? {}).map((subject) =>
    jsm.streams.getMessage(EVENTS_STREAM, { last_by_subj: subject }),
  );
  return (await Promise.all(messages)).map((message) => message.json<PodlineEvent>());
};

describe('money', () => {
  test('that an episode cost is told by its state and by the month', async () => {
    await publish('paid');
    const state = await stack.finished('paid');
    expect(state).toMatchObject({ status: 'done', errors: [] });
    expect(state.cost).toMatchObject({
      transcript: { calls: 1, dollars: expect.any(Number) },
      summary: { calls: 1, audioSeconds: 0, dollars: expect.any(Number) },
    });
    // Whole seconds, as the API bills them.
    expect(state.cost?.transcript?.audioSeconds).toBe(13);
    expect(state.cost?.summary?.inputTokens).toBeGreaterThan(100);
    const { all } = await stack.client.budget.show();
    expect(all?.spent).toBeCloseTo((state.cost?.transcript?.dollars ?? 0) + (state.cost?.summary?.dollars ?? 0), 4);
    expect((await podline('status', 'paid')).stdout).toMatch(
      /cost +transcript \$0\.00\d\d \(1 calls, 0:1\d of audio\), summary \$0\.00\d\d \(1 calls, \d+ \+ \d+ tokens\)/,
    );
    expect((await podline('budget', 'show')).stdout).toMatch(/20\d\d-\d\d {2}\$0\.00\d\d spent.*no budget/);
  });

  test('that is used up makes a job wait, with its reason, until there is more', async () => {
    await podline('budget', 'set', 'monthlyDollars=0.0001');
    const before = api.stats().requests;
    await publish('waits');
    await until(async () => (await stack.client.episodes.get('waits'))?.held !== undefined);
    const state = await stack.client.episodes.get('waits');
    expect(state).toMatchObject({
      status: 'transcribing',
      errors: [],
      held: { queue: 'transcribe-openai', reason: 'budget-reached', chunk: 0 },
    });
    expect(await eventsOf('waits', 'budget-reached')).toMatchObject([{ reason: 'budget-reached' }]);
    expect((await podline('status', 'waits')).stdout).toContain(
      'The monthly budget of $0.0001 does not hold this call',
    );
    expect(api.stats().requests).toBe(before);
    await podline('budget', 'set', 'monthlyDollars=none');
    await podline('resume', 'waits');
    const done = await stack.finished('waits');
    expect(done).toMatchObject({ status: 'done', errors: [] });
    expect(done.held).toBeUndefined();
    expect((await podline('resume', '--all')).stdout).toMatch(/^Nothing to resume/);
  });

  test('that is used up makes dead letters where that is wanted, and they can be replayed', async () => {
    await podline('budget', 'set', 'monthlyDollars=0.0001', 'whenReached=fail');
    await publish('fails');
    const state = await stack.finished('fails');
    expect(state).toMatchObject({ status: 'failed', errors: [{ reason: 'budget-reached' }] });
    const raised = await podline('budget', 'set', 'monthlyDollars=5');
    expect(raised.stdout).toContain('1 jobs were stopped by a budget');
    await podline('dead', 'replay', '--reason', 'budget-reached', '--all');
    await until(async () => (await stack.client.episodes.get('fails'))?.status === 'done', 'the replayed episode');
  });

  test('never costs the API key its secrecy: no entry, log, event or metric holds it', async () => {
    expect(await findSecret(TEST_API_KEY, raw, stack.logs)).toEqual([]);
    const pages = await Promise.all(metrics.map(async (url) => (await fetch(`${url}/metrics`)).text()));
    expect(pages.join('\n')).toContain('podline_api_cost_dollars_total{endpoint="openai.transcription"');
    expect(pages.join('\n')).toMatch(
      /podline_limiter_condition\{endpoint="openai\.summaries",condition="stopped".*\} 0/,
    );
    expect(pages.join('\n')).not.toContain(TEST_API_KEY);
  });
});
