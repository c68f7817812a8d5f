import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { resumeEpisode } from '#shared/client/resume-episode';
import { AUDIO_BUCKET, EPISODES_BUCKET, jobConsumer, jobStream, RESULTS_BUCKET } from '#shared/contracts/subjects';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { readEngineLog } from '../chaos/engine-log.ts';
import { patiently } from '../chaos/patiently.ts';
import { FAKE_MODEL } from '../support/fake-models.ts';
import { until } from '../support/until.ts';
import { body } from '../support/media-server.ts';
import { startNatsCluster } from '../support/nats-cluster.ts';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { newNatsServerBinary, NO_NEW_NATS_SERVER } from '../support/new-nats-server.ts';
import { openReplicaStage, type ReplicaStage } from '../support/replica-stage.ts';
import type { ServiceReplica } from '../support/service-replica.ts';
import { tonePcm, wav } from '../support/tone-episode.ts';

jest.setTimeout(180_000);

const SECONDS = 24;
const CHUNK_SECONDS = 12;
const newBinary = await newNatsServerBinary();

let stage: ReplicaStage;
let services: ServiceReplica[];

/** All services on this server, each chunk taking its engine 2 s. */
async function open(nats: NatsServer, env: Record<string, string> = {}): Promise<void> {
  stage = await openReplicaStage({
    routes: { '/tones.wav': body(wav(tonePcm(1, SECONDS)), 'audio/wav') },
    env: { FAKE_WHISPER_SPEED: '6', WHISPER_WORKERS: '1', ...env },
    nats,
  });
  services = await Promise.all(
    (['downloader', 'transcriber-whisper', 'summarizer'] as const).map((name) => stage.launch(name)),
  );
}

const publish = (id: string): Promise<string> =>
  patiently(() =>
    publishEpisode(stage.client, {
      id,
      url: stage.media.url('/tones.wav'),
      options: { chunkSeconds: CHUNK_SECONDS, model: FAKE_MODEL },
    }),
  );

const heard = async (): Promise<number> => (await readEngineLog(stage.engineLog)).length;

/** Publishes an episode, and resolves when its first chunk is at work. */
async function atWork(id: string): Promise<void> {
  const before = await heard();
  await publish(id);
  await until(async () => (await heard()) > before, 'the first chunk');
}

const expectDone = async (id: string): Promise<void> =>
  expect(await patiently(() => stage.finished(id))).toMatchObject({ status: 'done', errors: [] });

/** What `/readyz` of each service answers. */
const readiness = (): Promise<number[]> =>
  Promise.all(services.map(async ({ ready }) => (await fetch(new URL('/readyz', await ready))).status));

const untilReadiness = (status: number): Promise<void> =>
  until(async () => (await readiness()).every((one) => one === status), `readiness ${status}`);

const servers = [
  ['the installed nats-server', undefined],
  ['a current nats-server', newBinary],
] as const;

describe.each(servers)('on %s, services', (name, binary) => {
  const missing = name.includes('current') && newBinary === undefined;
  const check = missing ? test.skip : test;
  const hint = missing ? ` (${NO_NEW_NATS_SERVER})` : '';

  beforeAll(async () => {
    if (!missing) await open(await startNatsServer({ binary }));
  });
  afterAll(() => stage?.close());

  check(
    `outlive a server that is killed and comes back, and say meanwhile that they are not ready${hint}`,
    async () => {
      await atWork('server-killed');
      await stage.nats.kill('SIGKILL');
      await untilReadiness(503);
      await stage.nats.restart();
      await expectDone('server-killed');
      await untilReadiness(200);
    },
  );

  check(`outlive a server whose disk stands still again and again${hint}`, async () => {
    await publish('slow-disk');
    for (let stall = 0; stall < 4; stall++) {
      await stage.nats.kill('SIGSTOP');
      await delay(1500);
      await stage.nats.kill('SIGCONT');
      await delay(300);
    }
    await expectDone('slow-disk');
  });

  check(`make deleted consumers anew${hint}`, async () => {
    const { consumers } = await stage.connection.jetstreamManager();
    for (const queue of ['download', 'transcribe-whisper', 'summarize'] as const)
      await consumers.delete(jobStream(queue), jobConsumer(queue, 'normal'));
    await publish('consumers-deleted');
    await expectDone('consumers-deleted');
  });

  check(`make deleted buckets anew, and the episode at work with them${hint}`, async () => {
    await atWork('buckets-deleted');
    const { streams } = await stage.connection.jetstreamManager();
    for (const bucket of [RESULTS_BUCKET, AUDIO_BUCKET]) await streams.delete(`OBJ_${bucket}`);
    await expectDone('buckets-deleted');
  });

  check(`make a deleted bucket of states anew, and the states from the artifacts${hint}`, async () => {
    await atWork('states-deleted');
    const { streams } = await stage.connection.jetstreamManager();
    await streams.delete(`KV_${EPISODES_BUCKET}`);
    await until(() =>
      streams.info(`KV_${EPISODES_BUCKET}`).then(
        () => true,
        () => false,
      ),
    );
    await expectDone('states-deleted');
  });

  check(`lose the jobs of a deleted queue, and no episode: it is resumed${hint}`, async () => {
    await atWork('queue-deleted');
    const { streams } = await stage.connection.jetstreamManager();
    await streams.delete(jobStream('transcribe-whisper'));
    await untilReadiness(200);
    const state = await stage.client.episodes.get('queue-deleted');
    if (state === undefined) throw new Error('The episode has no state.');
    await patiently(() => resumeEpisode(stage.client, state));
    await expectDone('queue-deleted');
  });

  check(`wait while storage is full, and go on when there is room${hint}`, async () => {
    const { streams } = await stage.connection.jetstreamManager();
    const stream = `OBJ_${AUDIO_BUCKET}`;
    const { config, state } = await streams.info(stream);
    await streams.update(stream, { ...config, max_bytes: state.bytes + 1000 });
    await publish('storage-full');
    const log = stage.connection.jetstream();
    await until(async () => {
      const consumer = await log.consumers.get(jobStream('download'), jobConsumer('download', 'normal'));
      return (await consumer.info()).num_redelivered > 0;
    }, 'a second delivery');
    await streams.update(stream, { ...config, max_bytes: config.max_bytes });
    await expectDone('storage-full');
  });
});

const cluster = newBinary === undefined ? describe.skip : describe;
cluster(`on a cluster of three${newBinary === undefined ? ` (${NO_NEW_NATS_SERVER})` : ''}, services`, () => {
  let nodes: NatsServer[];
  beforeAll(async () => {
    const cluster = await startNatsCluster(3, { binary: newBinary });
    nodes = cluster.servers;
    const [first] = nodes;
    if (first === undefined) throw new Error('The cluster has no server.');
    await open({ ...first, url: cluster.urls.join(','), stop: () => cluster.stop() }, { STREAM_REPLICAS: '3' });
  });
  afterAll(() => stage?.close());

  test('outlive the loss of the leader', async () => {
    await atWork('leader-lost');
    const jsm = await stage.connection.jetstreamManager();
    const leader = (await jsm.streams.info(jobStream('transcribe-whisper'))).cluster?.leader;
    const victim = nodes[Number(leader?.replace('node-', '')) - 1];
    await victim?.kill('SIGKILL');
    await expectDone('leader-lost');
    await victim?.restart();
    await publish('leader-back');
    await expectDone('leader-back');
  });
});
