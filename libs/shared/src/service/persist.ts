import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '#shared/config/defaults';
import { asError, classify } from '#shared/errors';
import type { Log } from '#shared/observability/log';

const RETRY_MS = 2 * SECOND;
const ATTEMPTS = 30;

/**
 * Tries again for a minute: a NATS that is just starting, or away for a moment, must not end a service that starts.
 * @throws what the work threw, at once where trying again can't help.
 */
export async function persist<T>(work: () => Promise<T>, log: Pick<Log, 'warn'>, message: string): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !classify(error).retryable) throw error;
      log.warn({ err: asError(error).message, attempt }, message);
      await delay(RETRY_MS);
    }
  }
}
