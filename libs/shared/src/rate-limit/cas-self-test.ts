import { randomBytes } from 'node:crypto';
import type { KV, NatsConnection } from 'nats';
import { isConflict } from '#shared/jetstream/nats-errors';
import { checkServer, ensureLimitsBucket, openLimitsBucket } from './limits-bucket.ts';

export interface CasSelfTestOptions {
  /** Copies of the bucket that is tried, as in production. */
  replicas: number;
  writers?: number;
  durationMs?: number;
}

export interface CasSelfTestResult {
  /** Updates the server acknowledged. */
  acknowledged: number;
  /** Acknowledged updates that are not there: more than none, and no limit can be kept on this server. */
  lost: number;
  conflicts: number;
}

const KEY = 'counter';

/**
 * Tries whether this server keeps every compare-and-set it acknowledges: writers count up one number for a while, and
 * the number must come out as the acknowledgements do. Uses a bucket of its own, which is deleted afterwards.
 * @throws PermanentError `unsafe-nats` for servers known to lose updates.
 */
export async function selfTestCas(connection: NatsConnection, options: CasSelfTestOptions): Promise<CasSelfTestResult> {
  const { replicas, writers = 8, durationMs = 2000 } = options;
  checkServer(connection, replicas);
  const name = `podline-cas-test-${randomBytes(6).toString('hex')}`;
  await ensureLimitsBucket(connection, replicas, name);
  try {
    const bucket = await openLimitsBucket(connection, name);
    await bucket.put(KEY, '0');
    const until = performance.now() + durationMs;
    const counts = await Promise.all(Array.from({ length: writers }, () => countUp(bucket, until)));
    const acknowledged = counts.reduce((sum, count) => sum + count.acknowledged, 0);
    const conflicts = counts.reduce((sum, count) => sum + count.conflicts, 0);
    const counted = Number((await bucket.get(KEY))?.string() ?? 0);
    return { acknowledged, lost: acknowledged - counted, conflicts };
  } finally {
    await (await connection.jetstreamManager({ checkAPI: false })).streams.delete(`KV_${name}`).catch(() => false);
  }
}

async function countUp(bucket: KV, until: number): Promise<{ acknowledged: number; conflicts: number }> {
  const count = { acknowledged: 0, conflicts: 0 };
  while (performance.now() < until) {
    const entry = await bucket.get(KEY);
    try {
      await bucket.put(KEY, String(Number(entry?.string() ?? 0) + 1), { previousSeq: entry?.revision ?? 0 });
      count.acknowledged++;
    } catch (error) {
      if (!isConflict(error)) throw error;
      count.conflicts++;
    }
  }
  return count;
}
