import { DiscardPolicy, type JetStreamManager, NatsError, nanos, StorageType, type StreamConfig } from 'nats';
import { PermanentError } from '#shared/errors';
import { apiErrorCode, fromNats, JS_ERROR } from '#shared/jetstream/nats-errors';
import { bucketStream, allChunks, allMetas } from './object-meta.ts';

export interface BucketSettings {
  /** Letters, digits, `_` and `-`. */
  bucket: string;
  /** Copies in a cluster: 1, 3 or 5. */
  replicas: number;
  /** A full bucket refuses to store more; 0 or less means no limit. */
  maxBytes: number;
  /** Blobs older than this go by themselves; never where unset or 0. */
  maxAgeMs?: number | undefined;
  storage?: 'file' | 'memory' | undefined;
}

/** Somebody else may create or delete the bucket between two looks at it. */
const MAX_ROUNDS = 5;

/**
 * Makes the bucket as described, or changes the one there is; safe from any number of processes at once. The client's own
 * way of making one fails on nats-server 2.12 and newer when replicas are asked for.
 * @throws PermanentError `bucket-refused` when NATS cannot have it so; RetryableError when NATS is not there.
 */
export async function ensureBucket(jsm: JetStreamManager, settings: BucketSettings): Promise<void> {
  const wanted = configOf(settings);
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) if (await tryEnsure(jsm, wanted)) return;
  } catch (error) {
    throw refusal(error, settings);
  }
  throw refusal(new Error('it was made and deleted again by somebody else'), settings);
}

async function tryEnsure(jsm: JetStreamManager, wanted: BucketConfig): Promise<boolean> {
  const current = await currentConfig(jsm, wanted.name);
  try {
    if (current === undefined) await jsm.streams.add(wanted);
    else if (differs(current, wanted)) await jsm.streams.update(wanted.name, wanted);
    return true;
  } catch (error) {
    const code = apiErrorCode(error);
    if (code === JS_ERROR.streamNameInUse || code === JS_ERROR.streamNotFound) return false;
    throw error;
  }
}

async function currentConfig(jsm: JetStreamManager, stream: string): Promise<StreamConfig | undefined> {
  try {
    return (await jsm.streams.info(stream)).config;
  } catch (error) {
    if (apiErrorCode(error) === JS_ERROR.streamNotFound) return undefined;
    throw error;
  }
}

type BucketConfig = ReturnType<typeof configOf>;

/** What every client expects of a bucket, and the settings. */
function configOf({ bucket, replicas, maxBytes, maxAgeMs = 0, storage = 'file' }: BucketSettings) {
  return {
    name: bucketStream(bucket),
    subjects: [allChunks(bucket), allMetas(bucket)],
    storage: storage === 'file' ? StorageType.File : StorageType.Memory,
    num_replicas: replicas,
    max_bytes: maxBytes > 0 ? maxBytes : -1,
    max_age: nanos(maxAgeMs),
    discard: DiscardPolicy.New,
    allow_direct: true,
    allow_rollup_hdrs: true,
  } satisfies Partial<StreamConfig>;
}

function differs(current: StreamConfig, wanted: BucketConfig): boolean {
  return (
    current.storage !== wanted.storage ||
    current.num_replicas !== wanted.num_replicas ||
    current.max_bytes !== wanted.max_bytes ||
    current.max_age !== wanted.max_age ||
    current.discard !== wanted.discard ||
    current.allow_direct !== wanted.allow_direct ||
    current.allow_rollup_hdrs !== wanted.allow_rollup_hdrs
  );
}

function refusal(error: unknown, { bucket, replicas, maxBytes, storage = 'file' }: BucketSettings): unknown {
  // A 503 is a cluster that has no leader yet; what else has an API error is an answer that will not change.
  const answer = error instanceof NatsError ? error.api_error : undefined;
  if (error instanceof NatsError && (answer === undefined || answer.code === 503)) return fromNats(error);
  const why = answer?.description ?? String(error);
  return new PermanentError(
    'bucket-refused',
    `NATS refuses bucket "${bucket}" (replicas ${replicas}, max_bytes ${maxBytes}, storage ${storage}): ${why}. ` +
      'Change these settings or the limits of the server.',
    { cause: error },
  );
}
