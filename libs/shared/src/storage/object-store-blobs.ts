import type { NatsConnection } from 'nats';
import { PermanentError } from '#shared/errors';
import { assertBlobKey } from './blob-key.ts';
import type { BlobInfo, BlobSource, BlobStore, OpenBlob, ReadOptions, StoreUsage, WriteOptions } from './blob-store.ts';
import { watchConnection } from './connection-watch.ts';
import { bucketUsage, deleteMeta, purgeChunks, readMeta } from './bucket-messages.ts';
import { infoOf, isLink, isLive } from './object-meta.ts';
import { readChunks } from './read-chunks.ts';
import { listMetas } from './list-metas.ts';
import { removeOrphanChunks } from './remove-orphan-chunks.ts';
import { DEFAULT_LIMITS, type StorageLimits } from './storage-limits.ts';
import { unavailable } from './storage-errors.ts';
import { writeObject } from './write-object.ts';

/** Attempts to delete: each failed one means that another writer replaced the object meanwhile. */
const MAX_ROUNDS = 20;

/**
 * Blobs in a bucket of JetStream's Object Store, which `ensureBucket` makes. Other clients can read and write the same
 * objects; podline's own way of moving the bytes is bounded in memory and several times as fast.
 */
export class ObjectStoreBlobs implements BlobStore {
  readonly connection: NatsConnection;
  readonly bucket: string;
  readonly #limits: StorageLimits;

  constructor(connection: NatsConnection, bucket: string, limits: Partial<StorageLimits> = {}) {
    this.connection = connection;
    this.bucket = bucket;
    watchConnection(connection);
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  async put(key: string, source: BlobSource, options: WriteOptions = {}): Promise<BlobInfo> {
    return (await this.#write(key, source, options, false)).info;
  }

  async create(
    key: string,
    source: BlobSource,
    options: WriteOptions = {},
  ): Promise<{ created: boolean; info: BlobInfo }> {
    return this.#write(key, source, options, true);
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    assertBlobKey(key);
    const stored = await readMeta(this.connection, this.bucket, key);
    return isLive(stored) ? infoOf(stored) : undefined;
  }

  async open(key: string, { signal }: ReadOptions = {}): Promise<OpenBlob | undefined> {
    assertBlobKey(key);
    const stored = await readMeta(this.connection, this.bucket, key);
    if (!isLive(stored)) return undefined;
    return { info: infoOf(stored), bytes: readChunks(this.connection, stored.meta, this.#limits, signal) };
  }

  async read(key: string, { maxBytes, signal }: ReadOptions & { maxBytes: number }): Promise<Uint8Array | undefined> {
    assertBlobKey(key);
    const stored = await readMeta(this.connection, this.bucket, key);
    if (!isLive(stored)) return undefined;
    const { size } = infoOf(stored);
    if (size > maxBytes) {
      throw new PermanentError(
        'blob-too-large',
        `"${key}" in bucket "${this.bucket}" has ${size} bytes; at most ${maxBytes} are read into memory.`,
      );
    }
    const whole = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    for await (const bytes of readChunks(this.connection, stored.meta, this.#limits, signal)) {
      whole.set(bytes, filled);
      filled += bytes.length;
    }
    return whole;
  }

  async delete(key: string): Promise<boolean> {
    assertBlobKey(key);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const stored = await readMeta(this.connection, this.bucket, key);
      if (!isLive(stored)) return false;
      // No marker is left, as other clients do: it would stay for ever, and a full bucket could not take it.
      if (await deleteMeta(this.connection, this.bucket, stored.seq)) {
        await purgeChunks(this.connection, this.bucket, stored.meta.nuid);
        return true;
      }
    }
    throw unavailable(`"${key}" in bucket "${this.bucket}" could not be deleted in ${MAX_ROUNDS} attempts.`);
  }

  async *list(prefix: string): AsyncIterable<BlobInfo> {
    for await (const stored of listMetas(this.connection, this.bucket, prefix)) {
      if (!isLink(stored.meta)) yield infoOf(stored);
    }
  }

  usage(): Promise<StoreUsage | undefined> {
    return bucketUsage(this.connection, this.bucket);
  }

  removeOrphans(olderThanMs: number): Promise<number> {
    return removeOrphanChunks(this, olderThanMs);
  }

  async #write(key: string, source: BlobSource, options: WriteOptions, once: boolean) {
    assertBlobKey(key);
    return writeObject({
      connection: this.connection,
      bucket: this.bucket,
      key,
      source,
      options,
      once,
      limits: this.#limits,
    });
  }
}
