import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type NatsConnection, nuid } from 'nats';
import type { BlobInfo, BlobSource, WriteOptions } from './blob-store.ts';
import { publishMeta, purgeChunks, readMeta } from './bucket-messages.ts';
import { chunkSubject, infoOf, isLive, metaOf, type ObjectMeta, type StoredMeta } from './object-meta.ts';
import { isUnavailable, throwIfAborted, unavailable } from './storage-errors.ts';
import type { StorageLimits } from './storage-limits.ts';
import { writeChunks } from './write-chunks.ts';

/** Rounds of compare-and-set before a writer gives up for now; each lost one means another writer got through. */
const MAX_ROUNDS = 20;
/** Attempts for bytes that can be sent again, and milliseconds before the second: twice as many before each further one. */
const ATTEMPTS = 5;
const ATTEMPT_DELAY_MS = 250;

export interface WriteRequest {
  connection: NatsConnection;
  bucket: string;
  key: string;
  source: BlobSource;
  options: WriteOptions;
  /** Only if there is no object of that key. */
  once: boolean;
  limits: StorageLimits;
}

export interface WriteResult {
  created: boolean;
  info: BlobInfo;
}

/** Stores an object; bytes in memory are sent again when NATS goes away meanwhile, since they may have cost minutes to make. */
export async function writeObject(request: WriteRequest): Promise<WriteResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeOnce(request);
    } catch (error) {
      if (!(request.source instanceof Uint8Array) || attempt === ATTEMPTS || !isUnavailable(error)) throw error;
      await delay(ATTEMPT_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}

async function writeOnce(request: WriteRequest): Promise<WriteResult> {
  const { connection, bucket, key, source, options, limits } = request;
  throwIfAborted(options.signal);
  const before = await readMeta(connection, bucket, key);
  if (request.once && isLive(before)) {
    if (source instanceof Readable) source.destroy();
    return { created: false, info: infoOf(before) };
  }
  const id = nuid.next();
  const subject = chunkSubject(bucket, id);
  try {
    const written = await writeChunks(connection, subject, source, limits, options.signal);
    const meta = metaOf({ bucket, key, nuid: id, contentType: options.contentType, ...written }, new Date());
    return await makeVisible(request, meta, before);
  } catch (error) {
    if (error instanceof UnknownOutcome) throw error.trouble;
    const purged = purgeQuietly(request, id);
    // With NATS away it is tried once it is back, but nobody should have to wait for that.
    if (!isUnavailable(error)) await purged;
    throw error;
  }
}

/** Swaps the new meta message in for the one before, and frees what it replaced. */
async function makeVisible(
  request: WriteRequest,
  meta: ObjectMeta,
  before: StoredMeta | undefined,
): Promise<WriteResult> {
  const { connection, bucket, key, once } = request;
  const written = { created: true, info: infoOf({ meta, storedAt: new Date() }) };
  let current = before;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const outcome = await publishMeta(connection, meta, current?.seq ?? 0);
    if (outcome === 'stored') {
      if (isLive(current)) await purgeQuietly(request, current.meta.nuid);
      return written;
    }
    const replaced = current;
    current = await readMeta(connection, bucket, key).catch((error: unknown) => {
      throw new UnknownOutcome(outcome === 'conflict' ? error : outcome.unknown);
    });
    if (current?.meta.nuid === meta.nuid) {
      if (isLive(replaced)) await purgeQuietly(request, replaced.meta.nuid);
      return written;
    }
    // It may yet arrive, and then needs its chunks: if it never does, they are orphans that are removed in time.
    if (outcome !== 'conflict') throw new UnknownOutcome(outcome.unknown);
    if (once && isLive(current)) {
      await purgeQuietly(request, meta.nuid);
      return { created: false, info: infoOf(current) };
    }
  }
  throw unavailable(`"${key}" in bucket "${bucket}" was replaced by others ${MAX_ROUNDS} times while being stored.`);
}

/** Nobody knows whether the object became visible, so its chunks must stay. */
class UnknownOutcome extends Error {
  readonly trouble: unknown;

  constructor(trouble: unknown) {
    super('It is unknown whether the object was stored.');
    this.trouble = trouble;
  }
}

/** What cannot be purged now becomes an orphan, and those are removed in time. */
async function purgeQuietly({ connection, bucket }: WriteRequest, id: string): Promise<void> {
  await purgeChunks(connection, bucket, id).catch(() => undefined);
}
