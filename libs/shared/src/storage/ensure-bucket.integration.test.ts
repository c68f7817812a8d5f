import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JetStreamManager, NatsConnection } from 'nats';
import { connectNats } from '#shared/jetstream/connect';
import { newNatsServerBinary, NO_NEW_NATS_SERVER } from '../../../../test/support/new-nats-server.ts';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { ensureBucket } from './ensure-bucket.ts';

const MINUTE = 60_000;
const newBinary = await newNatsServerBinary();

describe.each([
  { name: 'the installed nats-server', binary: undefined, missing: false },
  { name: 'a current nats-server', binary: newBinary, missing: newBinary === undefined },
])('a bucket on $name', ({ binary, missing }) => {
  if (missing) {
    test.skip(NO_NEW_NATS_SERVER, () => undefined);
    return;
  }
  let server: NatsServer;
  let connection: NatsConnection;
  let jsm: JetStreamManager;
  beforeAll(async () => {
    server = await startNatsServer({ binary });
    connection = await connectNats({ NATS_URL: server.url }, 'test');
    jsm = await connection.jetstreamManager();
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  test('is made as other clients expect it', async () => {
    await ensureBucket(jsm, { bucket: 'made', replicas: 1, maxBytes: 1_000_000, maxAgeMs: 5 * MINUTE });
    expect((await jsm.streams.info('OBJ_made')).config).toMatchObject({
      subjects: ['$O.made.C.>', '$O.made.M.>'],
      storage: 'file',
      num_replicas: 1,
      max_bytes: 1_000_000,
      max_age: 300e9,
      discard: 'new',
      allow_direct: true,
      allow_rollup_hdrs: true,
    });
    const stock = await connection.jetstream().views.os('made');
    await stock.putBlob({ name: 'object' }, new Uint8Array(10));
    expect((await stock.getBlob('object'))?.length).toBe(10);
  });

  test('is made once by many processes that start at the same time', async () => {
    const settings = { bucket: 'together', replicas: 1, maxBytes: 1_000_000 };
    await Promise.all(Array.from({ length: 8 }, () => ensureBucket(jsm, settings)));
    expect((await jsm.streams.info('OBJ_together')).config.max_bytes).toBe(1_000_000);
  });

  test('is changed when the settings are, and keeps what it holds', async () => {
    await ensureBucket(jsm, { bucket: 'changed', replicas: 1, maxBytes: 1_000_000, maxAgeMs: 5 * MINUTE });
    await connection.jetstream().publish('$O.changed.C.x', 'kept');
    await ensureBucket(jsm, { bucket: 'changed', replicas: 1, maxBytes: 0 });
    const { config, state } = await jsm.streams.info('OBJ_changed');
    expect(config).toMatchObject({ max_bytes: -1, max_age: 0 });
    expect(state.messages).toBe(1);
  });

  test('is settled on one of the settings that differing processes ask for at once', async () => {
    const ask = (maxBytes: number) => ensureBucket(jsm, { bucket: 'differing', replicas: 1, maxBytes });
    await Promise.all([ask(1_000_000), ask(2_000_000), ask(1_000_000), ask(2_000_000)]);
    expect([1_000_000, 2_000_000]).toContain((await jsm.streams.info('OBJ_differing')).config.max_bytes);
  });

  test('is refused with the settings and the reason', async () => {
    const refused = ensureBucket(jsm, { bucket: 'refused', replicas: 3, maxBytes: 5000 });
    await expect(refused).rejects.toMatchObject({
      retryable: false,
      reason: 'bucket-refused',
      message: expect.stringMatching(
        /"refused" \(replicas 3, max_bytes 5000, storage file\): replicas > 1 not supported/,
      ),
    });
  });

  test('cannot move between file and memory, and says so', async () => {
    await ensureBucket(jsm, { bucket: 'moved', replicas: 1, maxBytes: 0 });
    const moved = ensureBucket(jsm, { bucket: 'moved', replicas: 1, maxBytes: 0, storage: 'memory' });
    await expect(moved).rejects.toMatchObject({ reason: 'bucket-refused', message: expect.stringMatching(/storage/) });
  });
});
