import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from 'nats';
import { type Client, openClient } from '#shared/client/open-client';
import { natsConfigSchema } from '#shared/config/common';
import { addFeed } from '#shared/feeds/add-feed';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { FeedStore } from '#shared/storage/feed-store';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import { chartNatsEnv, chartNatsUsers } from '../support/chart-nats.ts';
import { helmBinary, NO_HELM } from '../support/helm.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { type ServiceReplica, startReplica } from '../support/service-replica.ts';
import { whisperServerBinary } from '../support/whisper-server.ts';

jest.setTimeout(180_000);

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const helm = await helmBinary();
const describeWithHelm = helm === undefined ? describe.skip : describe;

let folder: string;
let media: MediaServer;
let api: OpenaiServer;
let nats: NatsServer;
let client: Client;
let services: ServiceReplica[] = [];

const serverLog = (): Promise<string> => readFile(join(folder, 'nats.log'), 'utf8');
const login = (user: string): Promise<NatsConnection> => {
  const { NATS_USER, NATS_PASSWORD, NATS_INBOX_PREFIX } = chartNatsEnv(user);
  return connect({ servers: nats.url, user: NATS_USER, pass: NATS_PASSWORD, inboxPrefix: NATS_INBOX_PREFIX });
};

describeWithHelm(`the NATS permissions of the chart${helm === undefined ? ` (${NO_HELM})` : ''}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podline-permissions-'));
    media = await startMediaServer({ '/speech.flac': file(join(FIXTURES, 'speech-12s.flac'), 'audio/flac') });
    api = await startOpenaiServer();
    const users = await chartNatsUsers(helm ?? '');
    nats = await startNatsServer({ extraConfig: `log_file: ${JSON.stringify(join(folder, 'nats.log'))}\n${users}` });
    services = SERVICES.map((name) =>
      startReplica(name, { ...environment(), ...chartNatsEnv(name) }, join(folder, `${name}.log`)),
    );
    await Promise.all(services.map(({ ready }) => ready));
    const config = natsConfigSchema.parse({ NATS_URL: nats.url, ...chartNatsEnv('operator') });
    client = await openClient({ ...config, STREAM_REPLICAS: 1 });
    // A new endpoint is closed for one window, a minute: shorter ones make the test so.
    const layout = { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 };
    await client.limits.set('openai.transcription', { layout });
    const operator = await login('operator');
    const limits = await operator.jetstream().views.kv('podline-limits', { bindOnly: true });
    await limits.put('openai.summary.limits', JSON.stringify({ requestsPerMinute: 6000, layout }));
    await operator.close();
  });

  afterAll(async () => {
    await client?.close();
    for (const service of services) service.signal('SIGTERM');
    await Promise.all(services.map(({ ended }) => ended));
    await nats?.stop();
    await api?.close();
    await media?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(['whisper', 'openai'] as const)('let an episode through %s to its summary', async (provider) => {
    await publishEpisode(client, {
      id: provider,
      url: media.url('/speech.flac'),
      options: { provider, ...(provider === 'openai' ? { summary: { provider } } : {}) },
    });
    expect(await finished(provider)).toMatchObject({ status: 'done', errors: [] });
  });

  test('let a failed job become a dead letter, and its replay be tried again', async () => {
    await publishEpisode(client, { id: 'lost', url: media.url('/nothing.flac') });
    expect(await finished('lost')).toMatchObject({ status: 'failed' });
    for await (const letter of client.deadLetters.list({ episodeId: 'lost' })) await client.deadLetters.replay(letter);
  });

  test('let the caretaker keep the feeds it follows, and what it saw in them', async () => {
    const wish = { url: media.url('/feed.xml'), select: {}, settings: { options: {} } };
    const { feed } = await addFeed(client.feeds, wish, Date.now());
    const caretaker = await login('caretaker');
    const feeds = new FeedStore(caretaker);
    expect(await feeds.list()).toEqual([feed]);
    await feeds.update(feed.feedId, (known) => known && { ...known, title: 'Small Wonders' });
    await feeds.saveMarks(feed.feedId, 'seen');
    expect(await feeds.claimAudio('audio', 'episode')).toBe('episode');
    expect(await feeds.marks(feed.feedId)).toBe('seen');
    await client.feeds.delete(feed.feedId);
    await caretaker.close();
  });

  test('refuse nothing the services ask for', async () => {
    expect((await serverLog()).split('\n').filter((line) => line.includes('Violation'))).toEqual([]);
  });

  test.each([
    ['summarizer', '$JS.API.STREAM.DELETE.PODLINE_DOWNLOAD'],
    ['summarizer', '$JS.API.STREAM.PURGE.PODLINE_SUMMARIZE'],
    ['summarizer', '$JS.API.CONSUMER.MSG.NEXT.PODLINE_TRANSCRIBE_OPENAI.transcribe-openai-normal'],
    ['summarizer', 'podline.episodes'],
    ['transcriber-whisper', '$KV.podline-limits.openai.transcription.limits'],
    ['transcriber-whisper', '$JS.API.STREAM.CREATE.SOMETHING_ELSE'],
    ['downloader', 'podline.dead.summarize.x'],
    ['publisher', '$JS.API.STREAM.INFO.PODLINE_DOWNLOAD'],
    ['publisher', 'podline.summarize.normal'],
  ])('keep %s from publishing to %s', async (user, subject) => {
    const connection = await login(user);
    await expect(connection.request(subject, '{}', { timeout: 5000 })).rejects.toThrow(/Permissions Violation/i);
    await connection.close();
  });

  test.each([
    ['summarizer', '_INBOX_downloader.>'],
    ['summarizer', '_INBOX.>'],
    ['summarizer', 'podline.episodes'],
    ['publisher', '>'],
  ])('keep %s from hearing %s', async (user, subject) => {
    const connection = await login(user);
    const refused = Promise.withResolvers<Error | null>();
    connection.subscribe(subject, { callback: (error) => refused.resolve(error) });
    await connection.flush();
    expect(String(await refused.promise)).toMatch(/Permissions Violation/i);
    await connection.close();
  });

  test('let the publisher send an episode in and hear what becomes of it', async () => {
    const connection = await login('publisher');
    const events = connection.subscribe('podline.events.from-outside.>');
    const ack = await connection
      .jetstream()
      .publish('podline.episodes', JSON.stringify({ id: 'from-outside', url: media.url('/speech.flac') }));
    expect(ack.stream).toBe('PODLINE_DOWNLOAD');
    const types: string[] = [];
    for await (const message of events) {
      const { type } = message.json<{ type: string }>();
      types.push(type);
      if (type === 'summarized' || type === 'failed') break;
    }
    expect(types.at(-1)).toBe('summarized');
    await connection.close();
  });
});

function environment(): Record<string, string> {
  return {
    NATS_URL: nats.url,
    WHISPER_MODELS_DIR: findPaths().models,
    PODLINE_WHISPER_SERVER: whisperServerBinary(),
    AUDIO_MAX_BYTES: '1Gi',
    RESULTS_MAX_BYTES: '512Mi',
    DOWNLOAD_ALLOW_HOSTS: media.host,
    OPENAI_BASE_URL: api.baseUrl,
    OPENAI_API_KEY: TEST_API_KEY,
    OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: '6000',
    OPENAI_SUMMARY_REQUESTS_PER_MINUTE: '6000',
    OPENAI_SUMMARY_TOKENS_PER_MINUTE: '10000000',
  };
}

async function finished(episodeId: string) {
  for await (const state of client.episodes.watch(episodeId, AbortSignal.timeout(90_000))) {
    if (state.status === 'done' || state.status === 'failed') return state;
  }
  throw new Error(`Episode ${episodeId} was not finished within 90 s.\n${await serverLog()}`);
}
