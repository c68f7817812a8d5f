import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';
import { removeChunksBefore, removeOrphanChunks } from './remove-orphan-chunks.ts';

const KIB = 1024;
const HOUR = 3_600_000;
const ENDLESS_PUT = new URL('../../../../test/support/endless-put.ts', import.meta.url).pathname;

describe('the removal of orphans', () => {
  let server: NatsServer;
  let bucket: StartedBucket;
  beforeEach(async () => {
    server = await startNatsServer();
    bucket = await startBucket(server.url);
  });
  afterEach(async () => {
    await bucket.close();
    await server.stop();
  });

  test('frees what a killed writer left, which nobody could see', async () => {
    await bucket.store.put('kept', Buffer.alloc(5 * KIB, 1));
    const before = await bucket.usage();
    const args = ['--conditions=podline-source', ENDLESS_PUT, server.url, 'test', 'killed'];
    const chunksSeen = bucket.connection.subscribe('$O.test.C.*', { max: 5 });
    const writer = execa(process.execPath, args, { reject: false });
    for await (const chunk of chunksSeen) expect(chunk.data).toHaveLength(KIB);
    writer.kill('SIGKILL');
    await writer;

    expect(await bucket.store.head('killed')).toBeUndefined();
    expect((await bucket.usage()).subjects).toBe(before.subjects + 1);
    expect(await bucket.store.removeOrphans(HOUR)).toBe(0);
    expect((await bucket.usage()).subjects).toBe(before.subjects + 1);
    expect(await bucket.store.removeOrphans(-HOUR)).toBe(1);
    expect(await bucket.usage()).toEqual(before);
    expect(await bucket.store.read('kept', { maxBytes: 5 * KIB })).toHaveLength(5 * KIB);
  });

  test('goes by the newest chunk, not by the oldest, of a writer at work', async () => {
    const addedLater = Promise.withResolvers<void>();
    const looked = Promise.withResolvers<void>();
    const source = async function* () {
      yield Buffer.alloc(KIB, 1);
      await addedLater.promise;
      yield Buffer.alloc(KIB, 2);
      await looked.promise;
      yield Buffer.alloc(KIB, 3);
    };
    const put = bucket.store.put('at-work', source());
    const first = await storedAt(bucket, 1);
    while (Date.now() <= first) await new Promise(setImmediate);
    addedLater.resolve();
    const second = await storedAt(bucket, 2);

    expect(second).toBeGreaterThan(first);
    expect(await removeChunksBefore(bucket.store, (first + second) / 2)).toBe(0);
    looked.resolve();
    await put;
    expect(await bucket.store.read('at-work', { maxBytes: 3 * KIB })).toHaveLength(3 * KIB);
  });

  test('leaves every object alone, however old', async () => {
    for (let object = 0; object < 20; object++) await bucket.store.put(`object/${object}`, Buffer.alloc(2 * KIB));
    const before = await bucket.usage();
    expect(await removeOrphanChunks(bucket.store, -HOUR)).toBe(0);
    expect(await bucket.usage()).toEqual(before);
  });

  test('has nothing to do in an empty bucket, and says when there is none', async () => {
    expect(await bucket.store.removeOrphans(HOUR)).toBe(0);
    await bucket.jsm.streams.delete('OBJ_test');
    await expect(bucket.store.removeOrphans(HOUR)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('stream not found'),
    });
  });
});

/** When a message was stored, in epoch milliseconds; waits until it is. */
async function storedAt(bucket: StartedBucket, seq: number): Promise<number> {
  for (;;) {
    const message = await bucket.jsm.streams.getMessage('OBJ_test', { seq }).catch(() => undefined);
    if (message !== undefined) return message.time.getTime();
  }
}
