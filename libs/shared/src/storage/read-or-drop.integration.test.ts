import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';
import { readBytesOrDrop, readOrDrop } from './read-or-drop.ts';

const schema = z.strictObject({ v: z.literal(1), name: z.string() });
const MAX_BYTES = 10_000;

let server: NatsServer;
let bucket: StartedBucket;
let warned: string[];
const log = { warn: (fields: { key: string }) => void warned.push(fields.key) } as never;

beforeAll(async () => {
  server = await startNatsServer();
  bucket = await startBucket(server.url);
  warned = [];
});

afterAll(async () => {
  await bucket.close();
  await server.stop();
});

describe('an artifact that is read to be used or made again', () => {
  test('is given where it is sound, and is missing where there is none', async () => {
    await bucket.store.put('sound', Buffer.from('{"v":1,"name":"it"}'));
    expect(await readOrDrop(bucket.store, 'sound', schema, MAX_BYTES, log)).toEqual({ v: 1, name: 'it' });
    expect(await readOrDrop(bucket.store, 'nothing', schema, MAX_BYTES, log)).toBeUndefined();
  });

  test('is deleted with a warning where it is no JSON, of another form, or not what was stored', async () => {
    await bucket.store.put('rotten', Buffer.alloc(3000, 1));
    const { subject } = await bucket.jsm.streams.getMessage('OBJ_test', { last_by_subj: '$O.test.C.>' });
    const { seq } = await bucket.jsm.streams.getMessage('OBJ_test', { last_by_subj: subject });
    await bucket.store.put('no-json', Buffer.from('{"v":1,'));
    await bucket.store.put('other-form', Buffer.from('{"v":1,"title":"it"}'));
    await bucket.jsm.streams.deleteMessage('OBJ_test', seq);
    const readings = [
      readOrDrop(bucket.store, 'no-json', schema, MAX_BYTES, log),
      readOrDrop(bucket.store, 'other-form', schema, MAX_BYTES, log),
      readBytesOrDrop(bucket.store, 'rotten', MAX_BYTES, log),
    ];
    expect(await Promise.all(readings)).toEqual([undefined, undefined, undefined]);
    for (const key of ['no-json', 'other-form', 'rotten']) expect(await bucket.store.head(key)).toBeUndefined();
    expect(warned.toSorted()).toEqual(['no-json', 'other-form', 'rotten']);
  });

  test('stays where a newer podline has made it', async () => {
    await bucket.store.put('newer', Buffer.from('{"v":2,"names":[]}'));
    await expect(readOrDrop(bucket.store, 'newer', schema, MAX_BYTES, log)).rejects.toMatchObject({
      reason: 'newer-artifact',
      message: expect.stringContaining('version 2'),
    });
    expect(await bucket.store.head('newer')).toBeDefined();
  });
});
