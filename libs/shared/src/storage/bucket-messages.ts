import { headers, type JetStreamManager, JsHeaders, type NatsConnection, NatsError, type StoredMsg } from 'nats';
import { apiErrorCode, fromNats, isConflict, statusCode } from '#shared/jetstream/nats-errors';
import { whenConnected } from './connection-watch.ts';
import { bucketStream, chunkSubject, metaSubject, type ObjectMeta, parseMeta, type StoredMeta } from './object-meta.ts';
import { storeRefusal, unavailable } from './storage-errors.ts';

/** Milliseconds for the one small message that makes an object visible. */
const PUBLISH_TIMEOUT_MS = 10_000;

/** The newest meta message of a key, also of a deleted object; read from the stream's leader, so that it is never stale. */
export async function readMeta(
  connection: NatsConnection,
  bucket: string,
  key: string,
): Promise<StoredMeta | undefined> {
  return newestMeta(connection, bucket, metaSubject(bucket, key));
}

/** As `readMeta`, by the subject. */
export async function newestMeta(
  connection: NatsConnection,
  bucket: string,
  subject: string,
): Promise<StoredMeta | undefined> {
  const message = await newestMessage(connection, bucket, subject);
  return message && { meta: parseMeta(message.data, subject), seq: message.seq, storedAt: message.time };
}

async function newestMessage(
  connection: NatsConnection,
  bucket: string,
  subject: string,
): Promise<StoredMsg | undefined> {
  try {
    const jsm = await manager(connection);
    return await jsm.streams.getMessage(bucketStream(bucket), { last_by_subj: subject });
  } catch (error) {
    if (isNoMessage(error)) return undefined;
    throw fromNats(error);
  }
}

/** What came of publishing a meta message; `unknown` when no answer came, so that it may or may not be stored. */
export type PublishOutcome = 'stored' | 'conflict' | { unknown: Error };

/**
 * Makes an object visible, if the newest meta message of its key is still the one with `expectedSeq` (0: none).
 * @throws RetryableError when it is certain that nothing was stored.
 */
export async function publishMeta(
  connection: NatsConnection,
  meta: ObjectMeta,
  expectedSeq: number,
): Promise<PublishOutcome> {
  const subject = metaSubject(meta.bucket, meta.name);
  const rollup = headers();
  rollup.set(JsHeaders.RollupHdr, JsHeaders.RollupValueSubject);
  try {
    await connection.jetstream().publish(subject, JSON.stringify(meta), {
      headers: rollup,
      expect: { lastSubjectSequence: expectedSeq },
      timeout: PUBLISH_TIMEOUT_MS,
    });
    return 'stored';
  } catch (error) {
    if (isConflict(error)) return 'conflict';
    const refusal = error instanceof NatsError ? error.api_error : undefined;
    if (refusal) throw storeRefusal(refusal, subject);
    if (statusCode(error) === 503) throw unavailable(`NATS has no stream that takes ${subject} at the moment.`, error);
    return { unknown: unavailable(`NATS did not confirm ${subject}: ${String(error)}`, error) };
  }
}

/** Removes exactly this meta message: what was stored since then stays. @returns whether it was still there. */
export async function deleteMeta(connection: NatsConnection, bucket: string, seq: number): Promise<boolean> {
  try {
    const jsm = await manager(connection);
    return await jsm.streams.deleteMessage(bucketStream(bucket), seq, false);
  } catch (error) {
    if (isNoMessage(error)) return false;
    throw fromNats(error);
  }
}

/** When the newest message on a subject was stored, by the server's clock. */
export async function newestStoredAt(
  connection: NatsConnection,
  bucket: string,
  subject: string,
): Promise<Date | undefined> {
  return (await newestMessage(connection, bucket, subject))?.time;
}

/** Removes the chunks of an object; a link has none. */
export async function purgeChunks(connection: NatsConnection, bucket: string, nuid: string): Promise<void> {
  if (nuid === '') return;
  try {
    const jsm = await manager(connection);
    await jsm.streams.purge(bucketStream(bucket), { filter: chunkSubject(bucket, nuid) });
  } catch (error) {
    throw fromNats(error);
  }
}

async function manager(connection: NatsConnection): Promise<JetStreamManager> {
  await whenConnected(connection);
  return connection.jetstreamManager({ checkAPI: false });
}

/** 10037 for a message asked for, 10043 and 10057 (a 500, with texts of the store) for one to be deleted. */
function isNoMessage(error: unknown): boolean {
  const code = apiErrorCode(error);
  return code === 10037 || code === 10043 || code === 10057;
}

/** How full the bucket's stream is, in bytes; undefined where it may grow without end. */
export async function bucketUsage(
  connection: NatsConnection,
  bucket: string,
): Promise<{ used: number; limit: number } | undefined> {
  try {
    const { streams } = await connection.jetstreamManager({ checkAPI: false });
    const { config, state } = await streams.info(bucketStream(bucket));
    return config.max_bytes > 0 ? { used: state.bytes, limit: config.max_bytes } : undefined;
  } catch (error) {
    throw fromNats(error);
  }
}
