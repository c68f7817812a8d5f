import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { headers } from 'nats';
import { HEADERS } from '#shared/contracts/headers';
import { DEAD_LETTERS_STREAM, deadLetterSubject, jobConsumer } from '#shared/contracts/subjects';
import { publishJob, QUEUE, type Replica, startReplica, STREAM } from '../../../../test/support/job-harness.ts';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { ClusterProbe } from './cluster-stats.ts';

let nats: NatsServer;
/** Takes no jobs: what is published stays. */
let replica: Replica;
let probe: ClusterProbe;

beforeAll(async () => {
  nats = await startNatsServer();
  replica = await startReplica(nats.url, async () => undefined, { slots: 0 });
  probe = new ClusterProbe(replica.connection);
});

afterAll(async () => {
  await replica?.stop();
  await nats?.stop();
});

const queueStats = async () => (await probe.look()).queues.find(({ queue }) => queue === QUEUE);

const letter = async (job: string, reason: string): Promise<void> => {
  const own = headers();
  own.set(HEADERS.queue, QUEUE);
  own.set(HEADERS.reason, reason);
  await replica.connection.jetstream().publish(deadLetterSubject(QUEUE, job), '{}', { headers: own });
};

describe('what JetStream knows', () => {
  test('is told of an empty queue', async () => {
    const stats = await queueStats();
    expect(stats?.oldestAt).toBeUndefined();
    expect(stats?.lanes).toEqual(
      ['high', 'normal', 'bulk'].map((lane) => ({
        lane,
        waiting: 0,
        unacked: 0,
        redelivered: 0,
        consumerMissing: false,
      })),
    );
  });

  test('tells waiting, unsettled and repeated jobs apart, and how old the oldest is', async () => {
    const before = Date.now();
    const js = replica.connection.jetstream();
    const pull = () => js.pull(STREAM, jobConsumer(QUEUE, 'normal'), 2000);
    for (let job = 0; job < 2; job++) await publishJob(replica.connection, { job });
    const [first] = [await pull(), await pull()];
    first.nak();
    expect((await pull()).redelivered).toBe(true);
    await publishJob(replica.connection, { job: 2 });
    const stats = await queueStats();
    expect(stats?.lanes[1]).toMatchObject({ waiting: 1, unacked: 2, redelivered: 1 });
    expect(stats?.oldestAt).toBeGreaterThanOrEqual(before - 1000);
    expect(stats?.oldestAt).toBeLessThanOrEqual(Date.now() + 1000);
  });

  test('shows the jobs of a lane whose consumer is gone', async () => {
    await publishJob(replica.connection, {}, 'bulk');
    const jsm = await replica.connection.jetstreamManager();
    await jsm.consumers.delete(STREAM, jobConsumer(QUEUE, 'bulk'));
    expect((await queueStats())?.lanes[2]).toMatchObject({ waiting: 1, consumerMissing: true });
  });

  test('counts dead letters by reason, and follows when they are dropped', async () => {
    expect((await probe.look()).letters).toEqual([]);
    await letter('one', 'not-audio');
    await letter('two', 'not-audio');
    await letter('three', 'Anything at all: 3f9a');
    expect(new Set((await probe.look()).letters)).toEqual(
      new Set([
        { queue: QUEUE, reason: 'not-audio', letters: 2 },
        { queue: QUEUE, reason: 'other', letters: 1 },
      ]),
    );
    await (await replica.connection.jetstreamManager()).streams.deleteMessage(DEAD_LETTERS_STREAM, 1, false);
    expect((await probe.look()).letters).toContainEqual({ queue: QUEUE, reason: 'not-audio', letters: 1 });
  });

  test('never has more reasons than a dashboard can show', async () => {
    for (let number = 0; number < 80; number++) await letter(`many-${number}`, `reason-${number}`);
    const { letters } = await probe.look();
    expect(letters.length).toBeLessThanOrEqual(51);
    expect(letters.reduce((sum, { letters: one }) => sum + one, 0)).toBe(82);
  });

  test('tells size and limit of every stream', async () => {
    const { streams, storage } = await probe.look();
    expect(streams.find(({ stream }) => stream === DEAD_LETTERS_STREAM)).toMatchObject({
      messages: 82,
      maxBytes: 256 * 1024 * 1024,
    });
    expect(storage?.bytes).toBeGreaterThan(0);
  });
});
