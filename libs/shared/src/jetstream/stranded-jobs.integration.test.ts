import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JetStreamManager } from 'nats';
import { jobConsumer } from '#shared/contracts/subjects';
import { publishJob, QUEUE, type Replica, startReplica, STREAM } from '../../../../test/support/job-harness.ts';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { until } from '../../../../test/support/until.ts';
import { StrandedJobs } from './stranded-jobs.ts';

const NORMAL = jobConsumer(QUEUE, 'normal');

let nats: NatsServer;
/** Takes no jobs: the test does. */
let replica: Replica;
let jsm: JetStreamManager;
let jobs: StrandedJobs;

beforeAll(async () => {
  nats = await startNatsServer();
  replica = await startReplica(nats.url, async () => undefined, { slots: 0 });
  jsm = await replica.connection.jetstreamManager();
  jobs = new StrandedJobs(replica.connection);
});

afterAll(async () => {
  await replica?.stop();
  await nats?.stop();
});

const take = () => replica.connection.jetstream().pull(STREAM, NORMAL, 2000);
const held = async () => (await jsm.streams.info(STREAM)).state.messages;

/** A settled job that is in its queue again: what the server forgets when it is killed before the disk has it. */
async function strand(body: unknown): Promise<void> {
  const messages = join(nats.storeDir, 'jetstream', '$G', 'streams', STREAM, 'msgs');
  const before = `${nats.storeDir}-before`;
  await publishJob(replica.connection, body);
  await cp(messages, before, { recursive: true });
  await (await take()).ackAck();
  await nats.kill('SIGTERM');
  await rm(messages, { recursive: true });
  await rename(before, messages);
  await nats.restart();
  await until(() => replica.server.ready);
}

describe('jobs nobody would be given', () => {
  test('are queued again when two looks have found them', async () => {
    await strand({ episodeId: 'stranded' });
    expect(await held()).toBe(1);
    await expect(take()).rejects.toThrow();
    expect(await jobs.requeue()).toBe(0);
    expect(await jobs.requeue()).toBe(1);
    expect(await held()).toBe(1);
    const job = await take();
    expect(job.json()).toEqual({ episodeId: 'stranded' });
    expect(await job.ackAck()).toBe(true);
    expect(await jobs.requeue()).toBe(0);
    expect(await held()).toBe(0);
  });

  test('jobs that are at work, given back or waiting are left alone', async () => {
    for (let episode = 1; episode <= 4; episode++) await publishJob(replica.connection, { episode });
    const [first, second, third] = [await take(), await take(), await take()];
    await third.ackAck();
    second.nak(60_000);
    first.working();
    for (let look = 0; look < 3; look++) expect(await jobs.requeue()).toBe(0);
    expect(await held()).toBe(3);
    await first.ackAck();
    for (let look = 0; look < 2; look++) expect(await jobs.requeue()).toBe(0);
    expect(await held()).toBe(2);
  });
});
