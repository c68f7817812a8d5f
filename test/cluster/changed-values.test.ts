import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { jobConsumer, jobStream } from '#shared/contracts/subjects';
import { baseValues, over } from './base-values.ts';
import { connectAs } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import { podsOf } from './pods.ts';
import { installRelease, type Release, type Values } from './release.ts';

jest.setTimeout(900_000);

const APPLIED_MS = 120_000;

let values: Values;
let release: Release;
let nats: NatsConnection;

beforeAll(async () => {
  values = baseValues('127.0.0.1:1');
  release = await installRelease('podline-values', values);
  nats = await connectAs(release, 'operator');
});

afterAll(async () => {
  await nats?.close();
  await release?.remove();
});

async function change(more: Values): Promise<void> {
  values = over(values, more);
  await release.upgrade(values);
}

const maxAckPending = async (): Promise<number> => {
  const { consumers } = await nats.jetstreamManager();
  const info = await consumers.info(jobStream('transcribe-whisper'), jobConsumer('transcribe-whisper', 'normal'));
  return info.config.max_ack_pending ?? 0;
};

const maxBytes = async (): Promise<number> => {
  const { streams } = await nats.jetstreamManager();
  return (await streams.info(jobStream('summarize'))).config.max_bytes;
};

test('an upgrade changes how many jobs of a stage are at work', async () => {
  expect(await maxAckPending()).toBe(256);
  await change({ transcriberWhisper: { maxAckPending: 7 } });
  await eventually('The new max_ack_pending', APPLIED_MS, async () => (await maxAckPending()) === 7);
});

test('an upgrade changes the replicas of one stage', async () => {
  await change({ summarizer: { replicas: 2 } });
  expect(await podsOf(release, 'summarizer')).toHaveLength(2);
  expect(await podsOf(release, 'downloader')).toHaveLength(1);
});

test('an upgrade changes the size of a queue', async () => {
  await change({ streams: { jobsMaxBytes: '128Mi' } });
  await eventually('The new size', APPLIED_MS, async () => (await maxBytes()) === 128 * 1024 ** 2);
});

test('an upgrade to a new chart keeps the values that were given', async () => {
  await release.upgradeKeepingValues();
  expect(await podsOf(release, 'summarizer')).toHaveLength(2);
  expect([await maxAckPending(), await maxBytes()]).toEqual([7, 128 * 1024 ** 2]);
});

test('an upgrade to another number of NATS servers is refused, since their data would be lost', async () => {
  const more = over(values, { nats: { embedded: { replicas: 3 } } });
  await expect(release.upgrade(more)).rejects.toThrow(/nats.embedded.replicas is 3, but 1 run/);
  expect(await podsOf(release, 'nats')).toHaveLength(1);
});
