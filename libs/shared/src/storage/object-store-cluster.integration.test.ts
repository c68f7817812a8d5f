import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newNatsServerBinary, NO_NEW_NATS_SERVER } from '../../../../test/support/new-nats-server.ts';
import { type NatsCluster, startNatsCluster } from '../../../../test/support/nats-cluster.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';

/** A request of the API that gets no answer, as happens in a cluster, fails after 5 s; a reader then asks again. */
const PATIENT = { stallMs: 20_000 };

const binary = await newNatsServerBinary();

// Not with older servers: below 2.9.21 a replicated stream loses acknowledged compare-and-set updates.
(binary === undefined ? describe.skip : describe)(
  `a bucket of three replicas${binary === undefined ? ` (${NO_NEW_NATS_SERVER})` : ''}`,
  () => {
    let cluster: NatsCluster;
    const buckets: StartedBucket[] = [];
    beforeAll(async () => {
      cluster = await startNatsCluster(3, { binary });
      for (const url of cluster.urls) buckets.push(await startBucket(url, { replicas: 3 }, PATIENT));
    }, 30_000);
    afterAll(async () => {
      for (const bucket of buckets) await bucket.close();
      await cluster.stop();
    });

    /** One client a server. */
    const clients = () => buckets.slice(0, 3);

    test('lets exactly one of the writers at three servers create a blob', async () => {
      for (let round = 0; round < 10; round++) {
        const key = `race/${round}`;
        const writers = [...clients(), ...clients()];
        const results = await Promise.all(
          writers.map(({ store }, writer) => store.create(key, Buffer.alloc(3000, writer))),
        );
        const winners = results.flatMap(({ created }, writer) => (created ? [writer] : []));
        expect(winners).toHaveLength(1);
        for (const { store } of clients()) {
          expect((await store.read(key, { maxBytes: 3000 }))?.every((byte) => byte === winners[0])).toBe(true);
        }
      }
    });

    test('leaves nothing of a writer that stopped with much under way', async () => {
      const limits = { chunkBytes: 100_000, inFlight: 60 };
      const bucket = await startBucket(cluster.urls[0] ?? '', { bucket: 'stopped', replicas: 3 }, limits);
      buckets.push(bucket);
      for (let round = 0; round < 3; round++) {
        const abort = new AbortController();
        const source = async function* () {
          for (let piece = 0; piece < 50; piece++) yield Buffer.alloc(100_000);
          abort.abort();
        };
        const put = bucket.store.put('stopped', source(), { signal: abort.signal });
        await expect(put).rejects.toMatchObject({ reason: 'cancelled' });
        expect(await bucket.usage()).toEqual({ messages: 0, subjects: 0 });
      }
    });

    test('shows a blob at every server as soon as it is written at one', async () => {
      for (let round = 0; round < 20; round++) {
        const writer = buckets[round % 3];
        await writer?.store.put('seen', Buffer.alloc(2500, round));
        for (const { store } of clients()) {
          expect((await store.read('seen', { maxBytes: 3000 }))?.every((byte) => byte === round)).toBe(true);
        }
      }
    });
  },
);
