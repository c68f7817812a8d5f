import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';
import { createJson, readJson } from './json-blobs.ts';

const schema = z.object({ title: z.string(), seconds: z.number().positive(), words: z.array(z.string()) });
const value = { title: 'Pilot', seconds: 12.5, words: ['one', 'two'] };

describe('JSON blobs', () => {
  let server: NatsServer;
  let bucket: StartedBucket;
  beforeAll(async () => {
    server = await startNatsServer();
    bucket = await startBucket(server.url);
  });
  afterAll(async () => {
    await bucket.close();
    await server.stop();
  });

  test('come back as they were stored', async () => {
    const { created, info } = await createJson(bucket.store, 'a.json', schema, value);
    expect(created).toBe(true);
    expect(info.contentType).toBe('application/json');
    expect(await readJson(bucket.store, 'a.json', schema, 1000)).toEqual(value);
  });

  test('have the same digest whatever order the keys were in', async () => {
    const one = await createJson(bucket.store, 'one.json', schema, value);
    const { title, seconds, words } = value;
    const two = await createJson(bucket.store, 'two.json', schema, { words, seconds, title });
    expect(two.info.digest).toBe(one.info.digest);
  });

  test('are stored once', async () => {
    await createJson(bucket.store, 'once.json', schema, value);
    const second = await createJson(bucket.store, 'once.json', schema, { ...value, title: 'Second' });
    expect(second.created).toBe(false);
    expect(await readJson(bucket.store, 'once.json', schema, 1000)).toEqual(value);
  });

  test('are undefined where there is none', async () => {
    expect(await readJson(bucket.store, 'none.json', schema, 1000)).toBeUndefined();
  });

  test('are refused by name when they are not JSON', async () => {
    await bucket.store.put('text.json', Buffer.from('{"title": '));
    await expect(readJson(bucket.store, 'text.json', schema, 1000)).rejects.toMatchObject({
      retryable: false,
      reason: 'invalid-artifact',
      message: expect.stringMatching(/"text.json" is not JSON/),
    });
  });

  test('are refused by name, with the first issues, when they do not fit the schema', async () => {
    await bucket.store.put('wrong.json', Buffer.from('{"title": 1, "seconds": -1, "words": [1, 2]}'));
    await expect(readJson(bucket.store, 'wrong.json', schema, 1000)).rejects.toMatchObject({
      retryable: false,
      reason: 'invalid-artifact',
      message: expect.stringMatching(/"wrong.json".*title: .*; seconds: .*; words\.0: .*; and 1 more/),
    });
  });

  test('are not read when they are too large', async () => {
    await createJson(bucket.store, 'large.json', schema, { ...value, title: 'x'.repeat(1000) });
    await expect(readJson(bucket.store, 'large.json', schema, 1000)).rejects.toMatchObject({
      reason: 'blob-too-large',
    });
  });

  test('are checked before they are stored', async () => {
    const wrong = createJson(bucket.store, 'never.json', schema, { ...value, seconds: 0 });
    await expect(wrong).rejects.toMatchObject({
      reason: 'invalid-artifact',
      message: expect.stringContaining('seconds'),
    });
    expect(await bucket.store.head('never.json')).toBeUndefined();
  });
});
