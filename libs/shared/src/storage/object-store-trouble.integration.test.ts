import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../test/support/start-bucket.ts';

const KIB = 1024;

describe('an embedded blob store in trouble', () => {
  let server: NatsServer;
  let bucket: StartedBucket;
  let opened: StartedBucket[];
  const open = async (...args: [Parameters<typeof startBucket>[1]?, Parameters<typeof startBucket>[2]?]) => {
    const another = await startBucket(server.url, ...args);
    opened.push(another);
    return another;
  };
  beforeEach(async () => {
    server = await startNatsServer();
    opened = [];
    bucket = await open();
  });
  afterEach(async () => {
    for (const { close } of opened) await close();
    await server.stop();
  });

  test('says that the bucket is full, and leaves no part of what did not fit', async () => {
    const full = await open({ bucket: 'full', maxBytes: 20 * KIB });
    await full.store.put('fits', Buffer.alloc(10 * KIB));
    const before = await full.usage();
    await expect(full.store.put('too much', Buffer.alloc(0))).rejects.toMatchObject({ reason: 'invalid-key' });
    await expect(full.store.put('too-much', Buffer.alloc(15 * KIB))).rejects.toMatchObject({
      retryable: true,
      reason: 'storage-full',
      message: expect.stringMatching(/no room.*maximum bytes.*Raise/),
    });
    expect(await full.usage()).toEqual(before);
    expect(await full.store.delete('fits')).toBe(true);
    await full.store.put('fits-now', Buffer.alloc(15 * KIB));
  });

  test('fails retryably when the server restarts under a source that cannot be read again', async () => {
    const restart = async function* () {
      yield Buffer.alloc(10 * KIB, 1);
      await server.kill('SIGKILL');
      await server.restart();
      yield Buffer.alloc(10 * KIB, 2);
    };
    await expect(bucket.store.create('restart', restart())).rejects.toMatchObject({
      retryable: true,
      reason: 'nats-unavailable',
      blameless: true,
    });
    expect(await bucket.store.head('restart')).toBeUndefined();
  });

  test('sends bytes in memory again when the server restarts', async () => {
    const whole = Buffer.alloc(100 * KIB, 'again');
    let restarted: Promise<void> | undefined;
    const chunks = bucket.connection.subscribe('$O.test.C.*', {
      callback: () => {
        restarted ??= server.kill('SIGKILL').then(() => server.restart());
      },
    });
    const { created } = await bucket.store.create('again', whole);
    await restarted;
    expect(restarted).toBeDefined();
    expect(created).toBe(true);
    expect(whole.equals((await bucket.store.read('again', { maxBytes: 100 * KIB })) ?? new Uint8Array())).toBe(true);
    chunks.unsubscribe();
  });

  test('goes on reading where it was when the server restarts', async () => {
    const whole = Buffer.alloc(100 * KIB, 'onwards');
    await bucket.store.put('onwards', whole);
    const pieces: Uint8Array[] = [];
    for await (const piece of (await bucket.store.open('onwards'))?.bytes ?? []) {
      pieces.push(piece);
      if (pieces.length !== 10) continue;
      await server.kill('SIGKILL');
      await server.restart();
    }
    expect(whole.equals(Buffer.concat(pieces))).toBe(true);
  });

  test('gives up when the server confirms nothing any more', async () => {
    const impatient = await open({}, { stallMs: 300 });
    const freeze = async function* () {
      yield Buffer.alloc(2 * KIB);
      await server.kill('SIGSTOP');
      yield Buffer.alloc(10 * KIB);
    };
    const put = impatient.store.put('frozen', freeze());
    await expect(put).rejects.toMatchObject({
      retryable: true,
      reason: 'nats-unavailable',
      message: expect.stringContaining('confirmed nothing'),
    });
    await server.kill('SIGCONT');
  });

  test.each([
    ['gives nothing', () => new Promise<never>(() => undefined)],
    // As after a process was frozen: the bytes are there before the timer is looked at.
    ['gives something too late', () => Promise.resolve(sleepSync(100))],
  ])('gives up on a source that %s, lest its chunks be taken for orphans', async (_name, next) => {
    const { store } = await open({}, { sourcePauseMs: 50 });
    const source = { [Symbol.asyncIterator]: () => ({ next }) };
    await expect(store.put('stalled', source)).rejects.toMatchObject({ retryable: true, reason: 'source-stalled' });
  });

  test('says so when the bucket is gone', async () => {
    await bucket.jsm.streams.delete('OBJ_test');
    await expect(bucket.store.head('gone')).rejects.toMatchObject({ retryable: true });
    await expect(bucket.store.open('gone')).rejects.toMatchObject({ retryable: true });
  });

  test('tells a corrupt blob by a missing chunk', async () => {
    await bucket.store.put('holed', Buffer.alloc(10 * KIB, 1));
    await bucket.jsm.streams.deleteMessage('OBJ_test', 5);
    await expect(bucket.store.read('holed', { maxBytes: 10 * KIB })).rejects.toMatchObject({
      retryable: true,
      reason: 'blob-corrupt',
      message: expect.stringContaining(`${9 * KIB} of ${10 * KIB} bytes`),
    });
  });

  test('tells a corrupt blob by its digest, and does not give its last bytes', async () => {
    await bucket.store.put('altered', Buffer.alloc(2 * KIB, 1));
    const { subject } = await bucket.jsm.streams.getMessage('OBJ_test', { seq: 1 });
    await bucket.jsm.streams.deleteMessage('OBJ_test', 1);
    await bucket.connection.jetstream().publish(subject, Buffer.alloc(KIB, 2));
    let received = 0;
    const read = async () => {
      for await (const piece of (await bucket.store.open('altered'))?.bytes ?? []) received += piece.length;
    };
    await expect(read()).rejects.toMatchObject({ retryable: true, reason: 'blob-corrupt' });
    expect(received).toBe(KIB);
  });

  test('says that a blob was replaced while it was being read', async () => {
    await bucket.store.put('changing', Buffer.alloc(20 * KIB, 1));
    let replaced = false;
    const read = async () => {
      for await (const piece of (await bucket.store.open('changing'))?.bytes ?? []) {
        expect(piece[0]).toBe(1);
        if (!replaced) await bucket.store.put('changing', Buffer.alloc(20 * KIB, 2));
        replaced = true;
      }
    };
    await expect(read()).rejects.toMatchObject({ retryable: true, reason: 'blob-changed' });
  });
});

/** Keeps the whole process waiting. */
function sleepSync(ms: number): IteratorResult<Uint8Array> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return { done: false, value: new Uint8Array(10) };
}
