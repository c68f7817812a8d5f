import type { Registry } from 'prom-client';
import type { ServiceConfig } from '#shared/config/common';
import type { NatsConnection } from '#shared/jetstream/connect';
import type { ConnectionMonitor } from '#shared/jetstream/connection-monitor';
import type { Publisher } from '#shared/jetstream/publish';
import type { EpisodeObserver } from '#shared/observability/episode-metrics';
import type { Log } from '#shared/observability/log';
import type { Tracing } from '#shared/observability/tracing';
import type { BlobStore } from '#shared/storage/blob-store';
import type { EpisodeStore } from '#shared/storage/episode-store';

/** What a service is given at start: everything with an effect on the outside, made once. */
export interface Runtime<Config extends ServiceConfig = ServiceConfig> {
  config: Config;
  log: Log;
  connection: NatsConnection;
  monitor: ConnectionMonitor;
  publisher: Publisher;
  episodes: EpisodeStore;
  audio: BlobStore;
  results: BlobStore;
  registry: Registry;
  /** Told of what becomes of episodes. */
  observer: EpisodeObserver;
  /** Undefined while no traces are sent. */
  tracing: Tracing | undefined;
  /** Makes streams and buckets anew where somebody deleted them; safe at any time. */
  ensureTopology: () => Promise<void>;
}
