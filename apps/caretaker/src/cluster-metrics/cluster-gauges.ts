import type { Registry } from 'prom-client';
import { QUEUES } from '#shared/contracts/names';
import type { ClusterStats } from '#shared/jetstream/cluster-stats';
import type { QueueStats } from '#shared/jetstream/queue-stats';
import type { StreamStats } from '#shared/jetstream/stream-stats';
import { gauge } from '#shared/observability/instruments';
import type { EpisodeCensus } from './episode-census.ts';

/** An unfinished episode without a change for so long counts as stuck, in milliseconds. */
const STUCK_MS = 3_600_000;

/** Shows figures of the cluster as gauges. Ages run on between two looks. */
export class ClusterGauges {
  readonly #registry: Registry;
  readonly #oldest = new Map<string, number>();

  constructor(registry: Registry, census: EpisodeCensus) {
    this.#registry = registry;
    gauge(registry, 'podline_queue_oldest_job_age_seconds', (age) => {
      for (const queue of QUEUES) age.set({ queue }, secondsSince(this.#oldest.get(queue)));
    });
    const count = () => census.count(Date.now(), STUCK_MS);
    gauge(registry, 'podline_episodes', (episodes) => {
      for (const [status, number] of Object.entries(count().byStatus)) episodes.set({ status }, number);
    });
    gauge(registry, 'podline_episodes_stuck', (stuck) => stuck.set(count().stuck));
    gauge(registry, 'podline_episode_oldest_change_age_seconds', (age) =>
      age.set(secondsSince(count().oldestChangeAt)),
    );
  }

  show({ queues, streams, storage, letters }: ClusterStats): void {
    for (const stats of queues) this.#showQueue(stats);
    this.#showStreams(streams);
    if (storage) {
      gauge(this.#registry, 'podline_jetstream_storage_bytes').set(storage.bytes);
      gauge(this.#registry, 'podline_jetstream_storage_limit_bytes').set(storage.limitBytes);
    }
    const dead = gauge(this.#registry, 'podline_dead_letters');
    // What was replayed or dropped must not be shown for ever; what never died shows that nothing did.
    dead.reset();
    for (const queue of QUEUES) dead.set({ queue, reason: 'none' }, 0);
    for (const { queue, reason, letters: number } of letters) dead.set({ queue, reason }, number);
    gauge(this.#registry, 'podline_cluster_metrics_timestamp_seconds').setToCurrentTime();
  }

  #showQueue({ queue, lanes, oldestAt }: QueueStats): void {
    if (oldestAt === undefined) this.#oldest.delete(queue);
    else this.#oldest.set(queue, oldestAt);
    for (const { lane, waiting, unacked, redelivered, consumerMissing } of lanes) {
      const labels = { queue, lane };
      gauge(this.#registry, 'podline_queue_waiting_jobs').set(labels, waiting);
      gauge(this.#registry, 'podline_queue_unacked_jobs').set(labels, unacked);
      gauge(this.#registry, 'podline_queue_redelivered_jobs').set(labels, redelivered);
      gauge(this.#registry, 'podline_queue_consumer_missing').set(labels, consumerMissing ? 1 : 0);
    }
  }

  #showStreams(streams: readonly StreamStats[]): void {
    const maxBytes = gauge(this.#registry, 'podline_stream_max_bytes');
    maxBytes.reset();
    for (const { stream, bytes, maxBytes: most, messages } of streams) {
      gauge(this.#registry, 'podline_stream_bytes').set({ stream }, bytes);
      gauge(this.#registry, 'podline_stream_messages').set({ stream }, messages);
      if (most !== undefined) maxBytes.set({ stream }, most);
    }
  }
}

function secondsSince(at: number | undefined): number {
  return at === undefined ? 0 : Math.max(0, (Date.now() - at) / 1000);
}
