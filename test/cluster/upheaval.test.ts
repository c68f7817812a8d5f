import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '#shared/client/open-client';
import { type MediaServer, startMediaServer } from '../support/media-server.ts';
import { baseValues, over, TEST_HOST } from './base-values.ts';
import { openOperator } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import { createFakeEngine, fakeEngineValues } from './fake-engine.ts';
import { podsOf } from './pods.ts';
import { installRelease, type Release, type Values } from './release.ts';
import { kubectl } from './run-tool.ts';
import { finishedOf, lostOf, publishTones, toneEpisodes, type ToneEpisode, toneRoutes } from './tone-batch.ts';

jest.setTimeout(900_000);

const SECONDS = 38;
const CHUNK_SECONDS = 10;
const EPISODES = 20;
/** Two replicas need about 20 x 38 / 2 / 10 = 38 s for all episodes: time enough to be in the middle of them. */
const SPEED = 10;

const killed = toneEpisodes('killed', EPISODES);
const drained = toneEpisodes('drained', EPISODES);
const rolled = toneEpisodes('rolled', EPISODES);

let media: MediaServer;
let values: Values;
let release: Release;
let client: Client;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-upheaval-'));
  const routes = toneRoutes([...killed, ...drained, ...rolled], SECONDS);
  media = await startMediaServer(routes, { address: '0.0.0.0', name: TEST_HOST });
  values = over(over(baseValues(media.host), fakeEngineValues(SPEED)), {
    defaults: { config: { ACK_WAIT_SECONDS: 10 } },
    // One node: a drained pod's successor has nowhere to go, and a budget of one would keep the second for ever.
    transcriberWhisper: { replicas: 2, podDisruptionBudget: { maxUnavailable: 2 } },
  });
  release = await installRelease('podline-upheaval', values, createFakeEngine);
  client = await openOperator(release);
});

afterAll(async () => {
  await client?.close();
  await release?.remove();
  await media?.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await kubectl('uncordon', '--all').catch(() => undefined);
});

/** Publishes the episodes and resolves when some, but not all, are finished. */
async function inTheMiddleOf(episodes: readonly ToneEpisode[]): Promise<void> {
  await publishTones(client, episodes, (path) => media.url(path), CHUNK_SECONDS);
  await eventually('The first finished episode', 120_000, async () => (await finishedOf(client, episodes)) > 0);
  expect(await finishedOf(client, episodes)).toBeLessThan(episodes.length);
}

describe('in the middle of 20 episodes nothing is lost', () => {
  test('when pods of every stage are killed without a word', async () => {
    await inTheMiddleOf(killed);
    for (const component of ['transcriber-whisper', 'downloader', 'summarizer', 'caretaker']) {
      const names = (await podsOf(release, component)).map(({ name }) => name);
      await release.kubectl('delete', 'pod', ...names, '--grace-period=0', '--force', '--wait=false');
    }
    expect(await lostOf(client, killed, SECONDS, folder)).toEqual([]);
  });

  test('when the node is drained of all pods, NATS too, and comes back', async () => {
    await inTheMiddleOf(drained);
    const node = (await kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}')).trim();
    const pods = `--pod-selector=app.kubernetes.io/instance=${release.name}`;
    await kubectl('drain', node, pods, '--delete-emptydir-data', '--ignore-daemonsets', '--timeout=300s');
    await kubectl('uncordon', node);
    expect(await lostOf(client, drained, SECONDS, folder)).toEqual([]);
  });

  test('when an upgrade of the chart replaces every pod', async () => {
    const before = new Set((await podsOf(release)).map(({ name }) => name));
    await inTheMiddleOf(rolled);
    await release.upgrade(over(values, { defaults: { podAnnotations: { 'podline.test/round': '2' } } }));
    const kept = (await podsOf(release)).filter(({ name, component }) => before.has(name) && component !== 'nats');
    expect(kept).toEqual([]);
    expect(await lostOf(client, rolled, SECONDS, folder)).toEqual([]);
  });
});
