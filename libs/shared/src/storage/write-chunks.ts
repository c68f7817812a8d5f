import { createHash } from 'node:crypto';
import type { NatsConnection } from 'nats';
import { RetryableError } from '#shared/errors';
import { fromNats } from '#shared/jetstream/nats-errors';
import type { BlobSource } from './blob-store.ts';
import { PublishWindow } from './publish-window.ts';
import { rechunk } from './rechunk.ts';
import { isUnavailable } from './storage-errors.ts';
import { PAYLOAD_HEADROOM, type StorageLimits } from './storage-limits.ts';

export interface WrittenChunks {
  size: number;
  chunks: number;
  /** SHA-256 of all bytes, raw. */
  sha256: Buffer;
  chunkBytes: number;
}

/** Stores a source as chunks on one subject. In constant memory, and no faster than the server confirms them. */
export async function writeChunks(
  connection: NatsConnection,
  subject: string,
  source: BlobSource,
  limits: StorageLimits,
  signal: AbortSignal | undefined,
): Promise<WrittenChunks> {
  const maxPayload = connection.info?.max_payload ?? limits.chunkBytes;
  const chunkBytes = Math.max(1, Math.min(limits.chunkBytes, maxPayload - PAYLOAD_HEADROOM));
  const hash = createHash('sha256');
  const window = new PublishWindow(connection, subject, limits, signal);
  let size = 0;
  let chunks = 0;
  try {
    const paced = source instanceof Uint8Array ? source : whileWindowOpen(source, window, limits.sourcePauseMs);
    for await (const chunk of rechunk(paced, chunkBytes)) {
      hash.update(chunk);
      size += chunk.length;
      chunks += 1;
      await window.publish(chunk);
    }
    await window.drain();
  } catch (thrown) {
    const error = fromNats(thrown);
    if (!isUnavailable(error)) await window.abandon();
    throw error;
  } finally {
    window.close();
  }
  return { size, chunks, sha256: hash.digest(), chunkBytes };
}

/** Reads a source, and gives it up when the window fails while the source has nothing to offer. */
async function* whileWindowOpen(
  source: AsyncIterable<Uint8Array>,
  window: PublishWindow,
  pauseMs: number,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const patience = {
    ms: pauseMs,
    error: () => new RetryableError('source-stalled', `What was to be stored gave no bytes for ${pauseMs / 1000} s.`),
  };
  let ended = false;
  try {
    for (;;) {
      const before = Date.now();
      const next = await window.whileOpen(iterator.next(), patience);
      // A process that was frozen wakes to bytes and to a timer that is long due: the pause counts all the same.
      if (Date.now() - before > pauseMs) throw patience.error();
      ended = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that waits for its next bytes would only answer after them.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
