import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { RetryableError } from '#shared/errors';
import { fromNats } from '#shared/jetstream/nats-errors';
import { whenConnected } from './connection-watch.ts';
import { readMeta } from './bucket-messages.ts';
import { bucketStream, chunkSubject, digestOf, type ObjectMeta } from './object-meta.ts';
import { readMessages } from './read-messages.ts';
import { isUnavailable, throwIfAborted } from './storage-errors.ts';
import type { StorageLimits } from './storage-limits.ts';

/** Times the server may have fewer bytes than there should be: a replica that lags behind has them a moment later. */
const MAX_SHORTFALLS = 3;
/** Milliseconds for a chunk asked for directly; on a slower link it comes by way of a consumer. */
const DIRECT_TIMEOUT_MS = 5000;
/** Milliseconds between attempts to go on. */
const ATTEMPT_DELAY_MS = 200;

/**
 * The bytes of an object, in bounded memory. Goes on after the last chunk it got when the connection breaks or the server
 * restarts, and ends only if everything arrived and matches the digest.
 * @throws RetryableError `blob-corrupt`, `blob-changed` or `nats-unavailable`
 */
export async function* readChunks(
  connection: NatsConnection,
  meta: ObjectMeta,
  limits: StorageLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let received = 0;
  for await (const bytes of storedBytes(connection, meta, limits, signal)) {
    received += bytes.length;
    hash.update(bytes);
    // Checked before the last bytes are handed on: a reader must not have all of a corrupt object.
    if (received >= meta.size && !(received === meta.size && hash.digest().equals(digestOf(meta)))) {
      throw corrupt(meta, received);
    }
    yield bytes;
  }
  if (meta.size === 0 && !hash.digest().equals(digestOf(meta))) throw corrupt(meta, 0);
}

async function* storedBytes(
  connection: NatsConnection,
  meta: ObjectMeta,
  limits: StorageLimits,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  throwIfAborted(signal);
  const only = meta.chunks === 1 ? await onlyChunk(connection, meta) : undefined;
  if (only !== undefined) {
    yield only;
    return;
  }
  let left = meta.size;
  let fromSeq: number | undefined;
  let lastProgress = Date.now();
  for (let shortfalls = 0; left > 0;) {
    await whenConnected(connection, signal);
    throwIfAborted(signal);
    try {
      const request = {
        stream: bucketStream(meta.bucket),
        subject: chunkSubject(meta.bucket, meta.nuid),
        fromSeq,
        signal,
      };
      for await (const message of readMessages(connection, { ...limits, ...request })) {
        fromSeq = message.seq + 1;
        left -= message.data.length;
        yield message.data;
        if (left <= 0) return;
        lastProgress = Date.now();
        shortfalls = 0;
      }
      shortfalls += 1;
    } catch (thrown) {
      const error = fromNats(thrown);
      if (!isUnavailable(error) || Date.now() - lastProgress > limits.stallMs) throw error;
    }
    if (shortfalls > 0) await throwIfLost(connection, meta, left, shortfalls);
    await delay(ATTEMPT_DELAY_MS);
  }
}

/** An object of one chunk in one round trip; undefined where that does not work, be it that a replica lags behind. */
async function onlyChunk(connection: NatsConnection, meta: ObjectMeta): Promise<Uint8Array | undefined> {
  try {
    const subject = `$JS.API.DIRECT.GET.${bucketStream(meta.bucket)}.${chunkSubject(meta.bucket, meta.nuid)}`;
    const { data } = await connection.request(subject, '', { timeout: DIRECT_TIMEOUT_MS });
    return data.length === meta.size ? data : undefined;
  } catch {
    return undefined;
  }
}

/** @throws RetryableError when the bytes that are missing will not come any more. */
async function throwIfLost(
  connection: NatsConnection,
  meta: ObjectMeta,
  left: number,
  shortfalls: number,
): Promise<void> {
  const now = await readMeta(connection, meta.bucket, meta.name);
  if (now?.meta.nuid !== meta.nuid || now.meta.deleted === true) {
    throw new RetryableError(
      'blob-changed',
      `"${meta.name}" in bucket "${meta.bucket}" was replaced or deleted while it was being read.`,
    );
  }
  if (shortfalls === MAX_SHORTFALLS) throw corrupt(meta, meta.size - left);
}

function corrupt(meta: ObjectMeta, received: number): RetryableError {
  return new RetryableError(
    'blob-corrupt',
    `"${meta.name}" in bucket "${meta.bucket}" does not match its digest: ${received} of ${meta.size} bytes came. ` +
      'Delete it to have it made anew.',
  );
}
