import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { accepted, allChunksDone, chunkDone, downloaded } from '#shared/contracts/episode-transitions';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { EPISODES_BUCKET } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { ensureStreams } from '#shared/jetstream/streams';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { openEpisodeFeed } from '#shared/client/episode-feed';
import { announceEpisode } from './announce-episode.ts';
import { EpisodeStore } from './episode-store.ts';

jest.setTimeout(30_000);

const NOW = '2026-01-01T00:00:00.000Z';
const request = episodeRequestSchema.parse({ url: 'https://example.com/a.mp3' });

let nats: NatsServer;
let connection: NatsConnection;
let store: EpisodeStore;

beforeAll(async () => {
  nats = await startNatsServer();
  connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'test');
  await ensureStreams(await connection.jetstreamManager(), streamConfigSchema.parse({}));
  store = new EpisodeStore(connection);
});

afterAll(async () => {
  await connection.close();
  await nats.stop();
});

const create = (id: string, chunks = 1): Promise<EpisodeState | undefined> =>
  store.update(id, (state) =>
    downloaded(
      accepted(state, { request, episodeId: id, lane: 'normal', now: NOW }),
      { cut: '0123456789ab', seconds: 60, silent: Array.from({ length: chunks }, () => false) },
      NOW,
    ),
  );

describe('EpisodeStore', () => {
  test('knows nothing of an episode nobody published', async () => {
    expect(await store.get('nobody')).toBeUndefined();
  });

  test('gives back what was stored', async () => {
    const state = await create('a');
    expect(await store.get('a')).toEqual(state);
  });

  test('lets exactly one of many writers see the episode complete', async () => {
    await create('many', 24);
    const stores = Array.from({ length: 6 }, () => new EpisodeStore(connection));
    const completed = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        let won = false;
        await stores[index % 6]?.update('many', (state) => {
          const next = state && chunkDone(state, { cut: '0123456789ab', chunk: index }, NOW);
          won = next !== undefined && allChunksDone(next);
          return next;
        });
        return won;
      }),
    );
    expect(completed.filter(Boolean)).toHaveLength(1);
    expect((await store.get('many'))?.chunks).toBe('#'.repeat(24));
  });

  test('lists every episode, also when there is none', async () => {
    await create('b');
    const ids: string[] = [];
    for await (const state of store.list()) ids.push(state.episodeId);
    expect(ids.toSorted()).toEqual(['a', 'b', 'many']);
  });

  test('shows a state at once and then every change', async () => {
    await create('watched', 2);
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const state of store.watch('watched', stop.signal)) {
      seen.push(state.chunks);
      if (seen.length === 1)
        await store.update('watched', (one) => one && chunkDone(one, { cut: '0123456789ab', chunk: 1 }, NOW));
      else stop.abort();
    }
    expect(seen).toEqual(['..', '.#']);
  });

  test('tells what is stored, then that this was all, then what is new, in one watch', async () => {
    await create('before');
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const update of openEpisodeFeed(connection, store, '>', stop.signal)) {
      if (update.kind === 'caught-up') await announceEpisode(store, request, 'announced', 'bulk');
      if (update.kind !== 'progress') seen.push(update.kind === 'state' ? update.state.episodeId : update.kind);
      if (seen.includes('announced')) stop.abort();
    }
    expect(seen.slice(0, -2)).toContain('before');
    expect(seen.slice(-2)).toEqual(['caught-up', 'announced']);
  });

  test('announces an episode nobody knows, and leaves one that is at work as it is', async () => {
    const secret = { ...request, url: 'https://user:secretpass@example.com/a.mp3' };
    await announceEpisode(store, secret, 'new', 'bulk');
    expect(await store.get('new')).toMatchObject({ status: 'accepted', lane: 'bulk', request: { url: request.url } });
    await create('known');
    await announceEpisode(store, request, 'known', 'bulk');
    expect(await store.get('known')).toMatchObject({ status: 'transcribing', lane: 'normal' });
  });

  test('takes an unreadable entry for none, and writes over it', async () => {
    const bucket = await connection.jetstream().views.kv(EPISODES_BUCKET, { bindOnly: true });
    await bucket.put('garbage', '{"v":99}');
    expect(await store.get('garbage')).toBeUndefined();
    expect((await create('garbage'))?.status).toBe('transcribing');
  });
});
