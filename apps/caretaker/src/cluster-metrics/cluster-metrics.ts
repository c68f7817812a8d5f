import { SECOND } from '#shared/config/defaults';
import { ClusterProbe } from '#shared/jetstream/cluster-stats';
import type { Runtime } from '#shared/service/runtime';
import type { Duty } from '../duty.ts';
import { AGAIN_MS, keepDoing, pause } from '../keep-doing.ts';
import { ClusterGauges } from './cluster-gauges.ts';
import { EpisodeCensus } from './episode-census.ts';

/** Time between two looks at JetStream, in milliseconds. */
const INTERVAL_MS = 5 * SECOND;

/** Tells what JetStream knows of queues, streams, dead letters and episodes. A second caretaker tells the same. */
export async function startClusterMetrics(runtime: Runtime): Promise<Duty> {
  const { connection, config, log, registry, episodes } = runtime;
  const census = new EpisodeCensus(config.RESULTS_MAX_AGE_SECONDS * SECOND);
  const gauges = new ClusterGauges(registry, census);
  const probe = new ClusterProbe(connection);
  const stop = new AbortController();
  const { signal } = stop;

  const looking = keepDoing(signal, log, 'Could not look at the queues', async () => {
    gauges.show(await probe.look());
    await pause(INTERVAL_MS, signal);
  });
  const hearing = keepDoing(signal, log, 'Could not follow the episodes', async () => {
    census.clear();
    for await (const change of episodes.follow(signal)) census.hear(change);
    await pause(AGAIN_MS, signal);
  });
  return {
    name: 'cluster-metrics',
    // Figures that are late are told by their own timestamp, and no reason to take no webhooks.
    ready: () => true,
    stop: async () => {
      stop.abort();
      await Promise.all([looking, hearing]);
    },
  };
}
