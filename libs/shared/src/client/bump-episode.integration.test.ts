import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection, StoredMsg } from 'nats';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { accepted, summarized } from '#shared/contracts/episode-transitions';
import { HEADERS } from '#shared/contracts/headers';
import type { Queue } from '#shared/contracts/names';
import { jobConsumer, jobStream, jobSubject } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { ensureConsumers } from '#shared/jetstream/consumers';
import { ensureStreams } from '#shared/jetstream/streams';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { bumpEpisode } from './bump-episode.ts';
import { type Client, openClient } from './open-client.ts';

jest.setTimeout(30_000);

const NOW = '2026-01-01T00:00:00.000Z';
const request = episodeRequestSchema.parse({ url: 'https://example.com/a.mp3' });

let nats: NatsServer;
let connection: NatsConnection;
let client: Client;

beforeAll(async () => {
  nats = await startNatsServer();
  const config = natsConfigSchema.parse({ NATS_URL: nats.url });
  connection = await connectNats(config, 'test');
  const jsm = await connection.jetstreamManager();
  await ensureStreams(jsm, streamConfigSchema.parse({}));
  for (const queue of ['download', 'transcribe-openai'] as const)
    await ensureConsumers(jsm, { queue, ackWaitMs: 30_000, maxAckPending: 100 });
  client = await openClient({ ...config, STREAM_REPLICAS: 1 });
});

afterAll(async () => {
  await client?.close();
  await connection?.close();
  await nats?.stop();
});

/** What waits in a queue, in the order it was published. */
async function queue(name: Queue): Promise<StoredMsg[]> {
  const { streams } = await connection.jetstreamManager();
  const { first_seq: first, last_seq: last } = (await streams.info(jobStream(name))).state;
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index).map((seq) =>
    streams.getMessage(jobStream(name), { seq }).catch(() => undefined),
  );
  return (await Promise.all(all)).filter((message) => message !== undefined);
}

const begin = (episodeId: string) =>
  client.episodes.update(episodeId, (state) => accepted(state, { request, episodeId, lane: 'normal', now: NOW }));

describe('a bumped episode', () => {
  test('that waits for its download goes to the front, also where only a stranger’s message knows it', async () => {
    // As by `nats pub`: no header says whose it is.
    const jobs = ['other', 'wanted', 'another'].map((id) => JSON.stringify({ ...request, id }));
    for (const job of jobs) await connection.jetstream().publish(jobSubject('download', 'bulk', 2), job);
    expect(await bumpEpisode(client, 'wanted')).toEqual({ outcome: 'bumped', moved: 1 });
    const waiting = await queue('download');
    expect(waiting.map((message) => [message.subject, message.json<{ id: string }>().id])).toEqual([
      ['podline.episodes.bulk.2', 'other'],
      ['podline.episodes.bulk.2', 'another'],
      ['podline.episodes.high', 'wanted'],
    ]);
    // What the operator has to allow is the lane that was asked for.
    expect(waiting[2]?.json()).toMatchObject({ lane: 'bulk', url: request.url });
    const state = await client.episodes.get('wanted');
    expect(state).toMatchObject({ status: 'accepted', lane: 'high', at: { bumped: expect.any(String) } });
    expect(accepted(state, { request, episodeId: 'wanted', lane: 'bulk', now: NOW })).toMatchObject({
      lane: 'high',
      request: { url: request.url },
    });
  });

  test('keeps what is at work where it is, and moves the rest with its headers', async () => {
    await begin('a');
    for (const chunk of [0, 1, 2]) {
      const job = { episodeId: 'a', lane: 'normal', chunk } as never;
      const options = { lane: 'normal', turn: 3, episodeId: 'a', messageId: `chunk:a:${chunk}` } as const;
      await client.publisher.job('transcribe-openai', job, options);
    }
    const consumer = jobConsumer('transcribe-openai', 'normal', 3);
    const held = await connection.jetstream().pull(jobStream('transcribe-openai'), consumer, 2000);
    expect(await bumpEpisode(client, 'a')).toEqual({ outcome: 'bumped', moved: 2 });
    const waiting = await queue('transcribe-openai');
    expect(waiting.map((message) => [message.subject, message.json()])).toEqual([
      ['podline.transcribe.openai.normal.3', { episodeId: 'a', lane: 'normal', chunk: 0 }],
      ['podline.transcribe.openai.high', { episodeId: 'a', lane: 'high', chunk: 1 }],
      ['podline.transcribe.openai.high', { episodeId: 'a', lane: 'high', chunk: 2 }],
    ]);
    expect(waiting[1]?.header.get(HEADERS.episode)).toBe('a');
    expect(await bumpEpisode(client, 'a')).toEqual({ outcome: 'bumped', moved: 0 });
    held.ack();
  });

  test('that is finished, or that nobody knows, is told so', async () => {
    await begin('done');
    await client.episodes.update('done', (state) => state && summarized(state, NOW));
    expect((await bumpEpisode(client, 'done')).outcome).toBe('finished');
    expect((await bumpEpisode(client, 'nobody')).outcome).toBe('unknown');
    expect(await client.episodes.get('nobody')).toBeUndefined();
  });
});
