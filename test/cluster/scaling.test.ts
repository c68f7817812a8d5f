import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Client } from '#shared/client/open-client';
import { jobConsumer, jobStream } from '#shared/contracts/subjects';
import type { NatsConnection } from 'nats';
import { type MediaServer, startMediaServer } from '../support/media-server.ts';
import { baseValues, over, TEST_HOST } from './base-values.ts';
import { connectAs, openOperator } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import { createFakeEngine, fakeEngineValues } from './fake-engine.ts';
import { podsOf } from './pods.ts';
import { installRelease, type Release } from './release.ts';
import { finishedOf, publishTones, toneEpisodes, toneRoutes } from './tone-batch.ts';

jest.setTimeout(900_000);

const CHUNK_SECONDS = 10;
/** For each replica. */
const CHUNKS = 12;
/** Every chunk of ten seconds takes the engine two: a replica does half a chunk a second, whatever the machine does. */
const SPEED = 5;
const REPLICAS = [1, 2, 4] as const;

/** One episode a round: all of its chunks are there at once, whatever the downloader's pace. */
const rounds = REPLICAS.map((replicas) => ({
  replicas,
  episodes: toneEpisodes(`at-${replicas}`, 1),
  seconds: replicas * CHUNKS * CHUNK_SECONDS,
}));

let media: MediaServer;
let release: Release;
let client: Client;
let nats: NatsConnection;

beforeAll(async () => {
  const routes = Object.fromEntries(
    rounds.flatMap(({ episodes, seconds }) => Object.entries(toneRoutes(episodes, seconds))),
  );
  media = await startMediaServer(routes, { address: '0.0.0.0', name: TEST_HOST });
  const values = over(baseValues(media.host), fakeEngineValues(SPEED));
  release = await installRelease('podline-scaling', values, createFakeEngine);
  client = await openOperator(release);
  nats = await connectAs(release, 'operator');
});

afterAll(async () => {
  await nats?.close();
  await client?.close();
  await release?.remove();
  await media?.close();
});

/** Chunks that were transcribed since the consumers were made, by the consumer's own count of acks. */
async function transcribed(): Promise<number> {
  const { consumers } = await nats.jetstreamManager();
  const info = await consumers.info(jobStream('transcribe-whisper'), jobConsumer('transcribe-whisper', 'normal'));
  return info.ack_floor.consumer_seq;
}

async function setReplicas(replicas: number): Promise<void> {
  const deployment = `deployment/${release.name}-transcriber-whisper`;
  await release.kubectl('scale', deployment, `--replicas=${replicas}`);
  await release.kubectl('rollout', 'status', deployment, '--timeout=300s');
}

const others = async (): Promise<string[]> =>
  (await podsOf(release))
    .filter(({ component }) => component !== 'transcriber-whisper')
    .map(({ name, restarts }) => `${name} ${restarts}`)
    .toSorted();

test('one stage scaled from 1 to 2 to 4 replicas does more a second, and nothing else changes', async () => {
  const untouched = await others();
  const perSecond: number[] = [];
  for (const { replicas, episodes } of rounds) {
    await setReplicas(replicas);
    const before = await transcribed();
    await publishTones(client, episodes, (path) => media.url(path), CHUNK_SECONDS);
    await eventually('The first transcribed chunk', 120_000, async () => (await transcribed()) > before);
    const first = { chunks: await transcribed(), at: performance.now() };
    let last = first;
    await eventually('The last chunk', 300_000, async () => {
      const chunks = await transcribed();
      if (chunks > last.chunks) last = { chunks, at: performance.now() };
      return (await finishedOf(client, episodes)) === episodes.length;
    });
    perSecond.push((last.chunks - first.chunks) / ((last.at - first.at) / 1000));
  }
  console.info(
    `chunks a second with ${REPLICAS.join(', ')} replicas: ${perSecond.map((rate) => rate.toFixed(2)).join(', ')}`,
  );
  const [one = 0, two = 0, four = 0] = perSecond;
  expect(two).toBeGreaterThan(1.3 * one);
  expect(four).toBeGreaterThan(1.3 * two);
  expect(await others()).toEqual(untouched);
});
