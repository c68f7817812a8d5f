import { SECOND } from '#shared/config/defaults';
import { StrandedJobs } from '#shared/jetstream/stranded-jobs';
import type { Runtime } from '#shared/service/runtime';
import type { Duty } from './duty.ts';
import { keepDoing, pause } from './keep-doing.ts';

/** Time between two looks, in milliseconds. A job is stranded when two looks have found it so. */
const INTERVAL_MS = 30 * SECOND;

/** Queues jobs again that nobody would ever be given. */
export async function startStrandedJobs({ connection, log }: Runtime): Promise<Duty> {
  const jobs = new StrandedJobs(connection);
  const stop = new AbortController();
  const { signal } = stop;
  const looking = keepDoing(signal, log, 'Could not look for stranded jobs', async () => {
    const count = await jobs.requeue();
    if (count > 0) log.warn({ count }, 'Jobs lay in their queues where nobody was given them; queued them again');
    await pause(INTERVAL_MS, signal);
  });
  return {
    name: 'stranded-jobs',
    ready: () => true,
    stop: async () => {
      stop.abort();
      await looking;
    },
  };
}
