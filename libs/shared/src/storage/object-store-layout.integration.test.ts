import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ObjectStore } from 'nats';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';
import { ObjectStoreBlobs } from './object-store-blobs.ts';

describe('a bucket shared with other clients of the Object Store', () => {
  let server: NatsServer;
  let bucket: StartedBucket;
  let stock: ObjectStore;
  beforeAll(async () => {
    server = await startNatsServer({ extraConfig: 'max_payload: 64KB' });
    bucket = await startBucket(server.url);
    stock = await bucket.connection.jetstream().views.os('test');
  });
  afterAll(async () => {
    await bucket.close();
    await server.stop();
  });

  test('shows them what podline stored', async () => {
    const whole = Buffer.alloc(10_000, 'podline');
    const { digest } = await bucket.store.put('ours/whole', whole, { contentType: 'audio/flac' });
    const object = await stock.get('ours/whole');
    expect(object?.info).toMatchObject({
      name: 'ours/whole',
      bucket: 'test',
      size: 10_000,
      chunks: 10,
      deleted: false,
    });
    expect(object?.info.digest).toBe(`SHA-256=${padded(Buffer.from(digest, 'hex').toString('base64url'))}`);
    expect(object?.info.options).toEqual({ max_chunk_size: 1024 });
    expect(whole.equals((await stock.getBlob('ours/whole')) ?? new Uint8Array())).toBe(true);
    expect((await stock.list()).map(({ name }) => name)).toContain('ours/whole');
  });

  test('shows podline what they stored', async () => {
    const whole = Buffer.alloc(200_000, 'stock');
    await stock.putBlob({ name: 'theirs/whole' }, whole);
    const info = await bucket.store.head('theirs/whole');
    expect(info).toMatchObject({ key: 'theirs/whole', size: 200_000 });
    const read = await bucket.store.read('theirs/whole', { maxBytes: 200_000 });
    expect(whole.equals(read ?? new Uint8Array())).toBe(true);
  });

  test('can be created again after they deleted it, in spite of the marker they leave', async () => {
    await bucket.store.create('marker', Buffer.from('one'));
    await stock.delete('marker');
    expect(await bucket.store.head('marker')).toBeUndefined();
    expect(await bucket.store.delete('marker')).toBe(false);
    for await (const { key } of bucket.store.list('')) expect(key).not.toBe('marker');
    const again = await bucket.store.create('marker', Buffer.from('two'));
    expect(again.created).toBe(true);
    expect(await stock.getBlob('marker')).toEqual(new Uint8Array(Buffer.from('two')));
  });

  test('shows them nothing of what podline deleted', async () => {
    await bucket.store.put('removed', Buffer.from('bytes'));
    await bucket.store.delete('removed');
    expect(await stock.info('removed')).toBeNull();
  });

  test('refuses their links, and leaves them out of lists', async () => {
    await bucket.store.put('target', Buffer.from('bytes'));
    const target = await stock.info('target');
    if (target === null) throw new Error('the target is not there');
    await stock.link('link', target);
    await expect(bucket.store.head('link')).rejects.toMatchObject({ retryable: false, reason: 'blob-is-link' });
    const listed: string[] = [];
    for await (const { key } of bucket.store.list('')) listed.push(key);
    expect(listed).toContain('target');
    expect(listed).not.toContain('link');
  });

  test('gets chunks that fit the server, whatever was asked for', async () => {
    const large = new ObjectStoreBlobs(bucket.connection, 'test', { chunkBytes: 512 * 1024 });
    const whole = Buffer.alloc(300_000, 'large');
    await large.put('fits', whole);
    expect((await stock.info('fits'))?.options?.max_chunk_size).toBeLessThan(64 * 1024);
    expect(whole.equals((await stock.getBlob('fits')) ?? new Uint8Array())).toBe(true);
  });

  test('lists every object once while others come, change and go', async () => {
    const keys = Array.from({ length: 60 }, (_, object) => `many/${String(object).padStart(2, '0')}`);
    for (const key of keys) await bucket.store.put(key, Buffer.from(key));
    const touched = new Set(['many/20', 'many/55', 'many/59']);
    const listed: string[] = [];
    for await (const { key } of bucket.store.list('many/')) {
      if (listed.length === 0) {
        await bucket.store.put('many/20', Buffer.from('replaced'));
        await bucket.store.delete('many/55');
        await stock.delete('many/59');
      }
      if (!touched.has(key)) listed.push(key);
    }
    expect(listed.toSorted()).toEqual(keys.filter((key) => !touched.has(key)));
  });

  test('leaves nothing behind that no object needs', async () => {
    const before = await bucket.usage();
    await bucket.store.put('tidy', Buffer.alloc(5000, 1));
    await bucket.store.put('tidy', Buffer.alloc(3000, 2));
    await Promise.all([1, 2, 3, 4].map((fill) => bucket.store.create('raced', Buffer.alloc(3000, fill))));
    const after = await bucket.usage();
    expect(after.subjects - before.subjects).toBe(4);
    expect(after.messages - before.messages).toBe(2 * (3 + 1));
    await bucket.store.delete('tidy');
    await bucket.store.delete('raced');
    expect(await bucket.usage()).toEqual(before);
  });
});

function padded(base64: string): string {
  return base64.padEnd(44, '=');
}
