import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { join } from 'node:path';
import { bumpEpisode } from '#shared/client/bump-episode';
import { natsConfigSchema } from '#shared/config/common';
import { jobStream } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { layoutSchema } from '#shared/rate-limit/window-layout';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { type OpenaiServer, startOpenaiServer, TEST_API_KEY } from '../support/openai-server/openai-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';
import { uniqueTranscript } from '../support/unique-words.ts';
import { until } from '../support/until.ts';

jest.setTimeout(180_000);

let media: MediaServer;
let api: OpenaiServer;
let stack: ServiceStack;
let connection: NatsConnection;
/** The prompts of the calls, in their order: each episode has one of its own. */
let calls: string[] = [];
let gate = Promise.withResolvers<void>();

beforeAll(async () => {
  media = await startMediaServer({
    '/speech.mp3': file(join(import.meta.dirname, '..', 'fixtures', 'speech-40s.mp3')),
  });
  api = await startOpenaiServer({
    transcribe: async (audio) => {
      calls.push(audio.prompt ?? '');
      await gate.promise;
      return uniqueTranscript(audio);
    },
  });
  stack = await startServiceStack(
    {
      DOWNLOAD_ALLOW_HOSTS: media.host,
      MIN_CHUNK_SECONDS: '10',
      ALLOWED_PROVIDERS: 'openai',
      DEFAULT_PROVIDER: 'openai',
      // What a person bumps must not need the operator's leave.
      ALLOWED_LANES: 'normal,bulk',
      OPENAI_BASE_URL: api.baseUrl,
      OPENAI_API_KEY: TEST_API_KEY,
      OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE: '6000',
      OPENAI_TRANSCRIBE_MAX_CONCURRENT: '1',
    },
    ['downloader', 'transcriber-openai', 'summarizer'],
  );
  connection = await connectNats(natsConfigSchema.parse({ NATS_URL: stack.nats.url }), 'test');
  await stack.client.limits.set('openai.transcription', {
    layout: { ...layoutSchema.parse({}), windowMs: 2000, guardMs: 500, slots: 10 },
  });
});

afterAll(async () => {
  gate.resolve();
  await connection?.close();
  await stack?.stop();
  await api?.close();
  await media?.close();
});

/** Publishes an episode of three chunks. */
const publish = (id: string, more: { publishedAt?: string } = {}): Promise<string> =>
  publishEpisode(stack.client, {
    id,
    url: media.url('/speech.mp3'),
    ...more,
    options: { prompt: id, chunkSeconds: 15 },
  });

/** Chunks that wait or are at work. */
async function chunks(): Promise<number> {
  const { streams } = await connection.jetstreamManager();
  return (await streams.info(jobStream('transcribe-openai'))).state.messages;
}

/** Has the API hold its first call, with the episodes' chunks queued behind it in the order given. */
async function queueUp(...episodes: [string, { publishedAt?: string }?][]): Promise<void> {
  calls = [];
  gate = Promise.withResolvers<void>();
  for (const [at, [id, more]] of episodes.entries()) {
    await publish(id, more);
    await until(async () => (await chunks()) === 3 * (at + 1), `${id} to be handed on`, 60_000);
    await until(() => calls.length === 1, 'a call', 60_000);
  }
}

describe('the order of work', () => {
  test('has a new episode overtake the back catalogue in the middle of its chunks', async () => {
    await queueUp(['old', { publishedAt: '2019-01-01T00:00:00Z' }], ['new']);
    gate.resolve();
    await Promise.all(['old', 'new'].map((id) => stack.finished(id)));
    expect(calls).toEqual(['old', 'new', 'new', 'new', 'old', 'old']);
  });

  test('has a bumped episode overtake everybody, and pays for no chunk twice', async () => {
    await queueUp(['first'], ['second'], ['third']);
    expect(await bumpEpisode(stack.client, 'third')).toEqual({ outcome: 'bumped', moved: 3 });
    // One of its chunks is at work, and stays where it is.
    expect(await bumpEpisode(stack.client, 'first')).toEqual({ outcome: 'bumped', moved: 2 });
    gate.resolve();
    const states = await Promise.all(['first', 'second', 'third'].map((id) => stack.finished(id)));
    expect(states).toMatchObject(states.map(() => ({ status: 'done', errors: [] })));
    expect(calls).toEqual([
      'first',
      ...['third', 'third', 'third', 'first', 'first'],
      ...['second', 'second', 'second'],
    ]);
  });
});
