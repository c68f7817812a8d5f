import { HOUR } from '#shared/config/defaults';
import { asError } from '#shared/errors';
import type { Runtime } from '#shared/service/runtime';

/** How often, and how old what a killed writer left behind must be: no upload takes that long. In milliseconds. */
const INTERVAL_MS = HOUR;
const GRACE_MS = 6 * HOUR;

/** Frees what killed writers left in the buckets, now and every hour. Several replicas at once do no harm. */
export function startJanitor({ audio, results, log }: Pick<Runtime, 'audio' | 'results' | 'log'>): () => void {
  const clean = async (): Promise<void> => {
    try {
      const removed = (await audio.removeOrphans(GRACE_MS)) + (await results.removeOrphans(GRACE_MS));
      if (removed > 0) log.info({ removed }, 'Removed unfinished blobs');
    } catch (error) {
      log.warn({ err: asError(error).message }, 'Could not look for unfinished blobs; trying again later');
    }
  };
  void clean();
  const timer = setInterval(() => void clean(), INTERVAL_MS);
  return () => clearInterval(timer);
}
