import type { CaretakerConfig } from '#shared/config/caretaker';
import type { Runtime } from '#shared/service/runtime';
import { startClusterMetrics } from './cluster-metrics/cluster-metrics.ts';
import type { Duty } from './duty.ts';
import { startFeedPoller } from './feed-poller.ts';
import { startFinishedUploads } from './finished-uploads.ts';
import { startStrandedJobs } from './stranded-jobs.ts';
import { startWebhooks } from './webhook/start-webhooks.ts';

type StartDuty = (runtime: Runtime<CaretakerConfig>) => Promise<Duty>;

/** What the cluster needs once; each file knows how to start its own. */
const DUTIES: readonly StartDuty[] = [
  startWebhooks,
  startClusterMetrics,
  startFeedPoller,
  startStrandedJobs,
  startFinishedUploads,
];

export async function startDuties(runtime: Runtime<CaretakerConfig>): Promise<Duty[]> {
  const duties: Duty[] = [];
  try {
    for (const start of DUTIES) duties.push(await start(runtime));
    return duties;
  } catch (error) {
    await stopDuties(duties);
    throw error;
  }
}

/** In the reverse order of their start. */
export async function stopDuties(duties: readonly Duty[]): Promise<void> {
  for (const duty of duties.toReversed()) await duty.stop();
}
