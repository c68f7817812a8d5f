import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '#shared/config/defaults';
import { asError } from '#shared/errors';
import type { NatsConnection } from '#shared/jetstream/connect';
import type { Log } from '#shared/observability/log';

const RETRY_MS = 1 * SECOND;
/** A reason that stays the same is told this often. */
const TOLD_EVERY_MS = 30 * SECOND;

/**
 * Connects for as long as it takes, and says why it takes long: the client itself waits without a word, also where a
 * certificate or a password is wrong.
 * @param connect one attempt, which rejects.
 */
export async function connectPatiently(
  connect: () => Promise<NatsConnection>,
  log: Pick<Log, 'warn'>,
): Promise<NatsConnection> {
  let told = { reason: '', at: -Infinity };
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const reason = asError(error).message;
      if (reason !== told.reason || performance.now() - told.at >= TOLD_EVERY_MS) {
        log.warn({ err: reason }, 'NATS can’t be used yet; trying again');
        told = { reason, at: performance.now() };
      }
      await delay(RETRY_MS);
    }
  }
}
