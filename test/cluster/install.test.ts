import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '#shared/client/open-client';
import { summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { wordErrorRate } from '../../bench/eval/word-error-rate.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { baseValues, TEST_HOST } from './base-values.ts';
import { connectAs, openOperator } from './cluster-client.ts';
import { eventually } from './eventually.ts';
import { podsOf } from './pods.ts';
import { installRelease, type Release } from './release.ts';
import { kubectl } from './run-tool.ts';
import { UsageRecord } from './usage-record.ts';

jest.setTimeout(900_000);

const FIXTURES = join(import.meta.dirname, '../fixtures');
const EPISODE_MS = 300_000;
/** The chart's `terminationGracePeriodSeconds`: 25 s for the drain, and 15 more. */
const GRACE_MS = 40_000;

let media: MediaServer;
let release: Release;
let client: Client;
let usage: UsageRecord;

beforeAll(async () => {
  const routes = { '/speech.mp3': file(join(FIXTURES, 'speech-40s.mp3')) };
  media = await startMediaServer(routes, { address: '0.0.0.0', name: TEST_HOST });
  release = await installRelease('podline-install', baseValues(media.host));
  console.info(`all pods ready ${(release.readyAfterMs / 1000).toFixed(1)} s after helm install`);
  client = await openOperator(release);
  usage = new UsageRecord(release);
});

afterAll(async () => {
  console.info(await usage?.table());
  await client?.close();
  await release?.remove();
  await media?.close();
});

const text = async (key: string): Promise<string> =>
  Buffer.from((await client.results.read(key, { maxBytes: 10_000_000 })) ?? '').toString('utf8');

describe('the chart on an empty cluster', () => {
  test('starts every pod, once, where the restricted Pod Security Standard is enforced', async () => {
    const pods = await podsOf(release);
    expect(new Set(pods.map(({ component }) => component))).toEqual(
      new Set(['nats', 'downloader', 'transcriber-whisper', 'summarizer', 'caretaker']),
    );
    const troubled = pods.filter(({ ready, restarts }) => !ready || restarts > 0);
    for (const { name } of troubled.filter(({ restarts }) => restarts > 0))
      console.info(await release.kubectl('logs', name, '--previous'));
    expect(troubled).toEqual([]);
    const privileged = { privileged: true };
    const overrides = JSON.stringify({
      spec: { containers: [{ name: 'x', image: 'x:1', securityContext: privileged }] },
    });
    await expect(
      release.kubectl('run', 'x', '--image=x:1', `--overrides=${overrides}`, '--dry-run=server'),
    ).rejects.toThrow(/violates PodSecurity/);
  });

  test('turns an episode that is published with a plain NATS message into a transcript and a summary', async () => {
    await usage.measureIdle();
    const publisher = await connectAs(release, 'publisher');
    const episode = { url: media.url('/speech.mp3'), id: 'plain-nats', options: { chunkSeconds: 15 } };
    publisher.publish('podline.episodes', JSON.stringify(episode));
    await publisher.drain();
    const state = await usage.whileBusy(() =>
      eventually('The end of the episode', EPISODE_MS, async () => {
        const found = await client.episodes.get('plain-nats');
        return found?.status === 'done' || found?.status === 'failed' ? found : undefined;
      }),
    );
    expect(state).toMatchObject({ status: 'done' });
    const reference = await readFile(join(FIXTURES, 'speech-40s.txt'), 'utf8');
    expect(wordErrorRate(reference, await text(transcriptKey('plain-nats', 'txt'))).rate).toBeLessThanOrEqual(0.08);
    expect((await text(summaryKey('plain-nats', 'md'))).length).toBeGreaterThan(50);
  });

  test('passes helm test', async () => {
    expect(await release.test()).toMatch(/Phase:\s+Succeeded/);
  });

  test('uses no more memory than it asks for', async () => {
    expect(await usage.overRequests()).toEqual([]);
  });

  test('runs as a numbered user, without a token, on a root file system nobody writes to', async () => {
    const pod = (await podsOf(release, 'downloader'))[0]?.name ?? '';
    const inPod = (command: string): Promise<string> => release.kubectl('exec', pod, '--', 'sh', '-c', command);
    expect(await inPod('id -u')).toBe('10001');
    await expect(inPod('touch /app/x')).rejects.toThrow(/Read-only file system/);
    await expect(inPod('ls /var/run/secrets/kubernetes.io')).rejects.toThrow(/No such file/);
    expect(await inPod('cat /proc/1/comm')).toBe('tini');
  });

  test('holds no compiler, package manager of Node, or development dependency', async () => {
    const pod = (await podsOf(release, 'transcriber-whisper'))[0]?.name ?? '';
    const looking = [
      'for name in npm gcc g++ cc make cmake git; do command -v $name; done',
      'ls /app/node_modules | grep -xE "typescript|jest|oxlint"',
      'true',
    ].join('; ');
    expect(await release.kubectl('exec', pod, '--', 'sh', '-c', looking)).toBe('');
  });

  test('ends a pod at its signal, before its grace period is over and it would be killed', async () => {
    const [pod] = await podsOf(release, 'summarizer');
    const began = performance.now();
    await kubectl('delete', 'pod', pod?.name ?? '', '--namespace', release.namespace, '--wait=true');
    expect(performance.now() - began).toBeLessThan(GRACE_MS);
  });
});
