import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '#shared/config/defaults';
import { asError } from '#shared/errors';
import type { Log } from '#shared/observability/log';

/** Before work that failed is tried again, in milliseconds. */
export const AGAIN_MS = 2 * SECOND;

/** Does something again and again until the signal aborts; what it throws is logged. */
export async function keepDoing(
  signal: AbortSignal,
  log: Log,
  failure: string,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: asError(error).message }, `${failure}; trying again`);
      await pause(AGAIN_MS, signal);
    }
  }
}

/** Resolves after this time, or when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
