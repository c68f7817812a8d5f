import { SECOND } from '#shared/config/defaults';
import { StrandedJobs } from '#shared/jetstream/stranded-jobs';
import type { Runtime } from '#shared/service/runtime';
import type { Duty } from './duty.ts';
import { repeatedDuty } from './repeated-duty.ts';

/** Time between two looks, in milliseconds. A job is stranded when two looks have found it so. */
const INTERVAL_MS = 30 * SECOND;

/** Queues jobs again that nobody would ever be given. */
export async function startStrandedJobs({ connection, log }: Runtime): Promise<Duty> {
  const jobs = new StrandedJobs(connection);
  const about = { name: 'stranded-jobs', log, failure: 'Could not look for stranded jobs', intervalMs: INTERVAL_MS };
  return repeatedDuty(about, async () => {
    const count = await jobs.requeue();
    if (count > 0) log.warn({ count }, 'Jobs lay in their queues where nobody was given them; queued them again');
  });
}
