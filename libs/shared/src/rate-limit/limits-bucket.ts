import { DiscardPolicy, type KV, type NatsConnection, RetentionPolicy, StorageType } from 'nats';
import { MIB } from '#shared/config/defaults';
import { PermanentError } from '#shared/errors';
import { refuseServer } from '#shared/jetstream/connect';
import { apiErrorCode, JS_ERROR } from '#shared/jetstream/nats-errors';
import { ensureStream } from '#shared/jetstream/streams';

export const LIMITS_BUCKET = 'podline-limits';

/** How long one request to NATS may take before its outcome counts as unknown, in milliseconds. */
const NATS_TIMEOUT_MS = 2000;

/**
 * Creates the bucket of the limiter or brings it to this configuration.
 * @throws PermanentError `unsafe-nats` where this server can't keep the promise with so many replicas.
 */
export async function ensureLimitsBucket(
  connection: NatsConnection,
  replicas: number,
  name = LIMITS_BUCKET,
): Promise<void> {
  checkServer(connection, replicas);
  await ensureStream(await connection.jetstreamManager({ checkAPI: false }), {
    name: `KV_${name}`,
    subjects: [`$KV.${name}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    max_bytes: 16 * MIB,
    num_replicas: replicas,
    allow_rollup_hdrs: true,
    deny_delete: true,
    // Reads go to the leader: one by a follower that lags would look like a bucket that went back.
    allow_direct: false,
  });
}

/**
 * Creates the bucket where it is missing; one that is there stays as the services have it.
 * @throws PermanentError `unsafe-nats`
 */
export async function createLimitsBucket(
  connection: NatsConnection,
  replicas: number,
  name = LIMITS_BUCKET,
): Promise<void> {
  const { streams } = await connection.jetstreamManager({ checkAPI: false });
  try {
    await streams.info(`KV_${name}`);
  } catch (error) {
    if (apiErrorCode(error) !== JS_ERROR.streamNotFound) throw error;
    await ensureLimitsBucket(connection, replicas, name);
  }
}

/** The bucket, without asking the server whether it exists. */
export async function openLimitsBucket(connection: NatsConnection, name = LIMITS_BUCKET): Promise<KV> {
  return connection.jetstream({ timeout: NATS_TIMEOUT_MS }).views.kv(name, { bindOnly: true, allow_direct: false });
}

/** @throws PermanentError `unsafe-nats` */
export function checkServer(connection: NatsConnection, replicas: number): void {
  const refusal = refuseServer(connection.info?.version ?? '0.0.0', replicas);
  if (refusal !== undefined) throw new PermanentError('unsafe-nats', refusal);
}
