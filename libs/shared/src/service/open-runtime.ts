import type { pino } from 'pino';
import type { ServiceConfig } from '#shared/config/common';
import { SECOND } from '#shared/config/defaults';
import { AUDIO_BUCKET, RESULTS_BUCKET } from '#shared/contracts/subjects';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { connectNats, PRODUCTION_FLOOR, refuseServer } from '#shared/jetstream/connect';
import { ConnectionMonitor } from '#shared/jetstream/connection-monitor';
import { Publisher } from '#shared/jetstream/publish';
import { ensureStreams } from '#shared/jetstream/streams';
import { episodeMetrics } from '#shared/observability/episode-metrics';
import { createRegistry } from '#shared/observability/metrics';
import { processMetrics } from '#shared/observability/process-metrics';
import { traceHeaders } from '#shared/jetstream/trace-headers';
import { TracedBlobs } from '#shared/observability/traced-blobs';
import { startTracing } from '#shared/observability/tracing';
import type { BlobStore } from '#shared/storage/blob-store';
import { EpisodeStore } from '#shared/storage/episode-store';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import { ensureBucket } from '#shared/storage/ensure-bucket';
import { persist } from './persist.ts';
import type { Runtime } from './runtime.ts';

/** Connects to NATS, checks the server, prepares streams and buckets, and opens the stores. */
export async function openRuntime<Config extends ServiceConfig>(
  name: string,
  config: Config,
  log: pino.Logger,
): Promise<Runtime<Config>> {
  const tracing = await startTracing(name, config, log);
  log.info({ servers: config.NATS_URL.split(',').map(withoutCredentials) }, 'Connecting to NATS');
  const connection = await connectNats(config, name);
  const version = connection.info?.version ?? 'unknown';
  const refusal = refuseServer(version, config.STREAM_REPLICAS);
  if (refusal !== undefined) throw new Error(refusal);
  log.info({ version, productionFloor: PRODUCTION_FLOOR }, 'Connected to NATS');
  const ensureTopology = (): Promise<void> => prepare(connection, config);
  await persist(ensureTopology, log, 'NATS is not ready for streams yet; trying again');
  const monitor = new ConnectionMonitor(connection);
  const registry = createRegistry(name);
  processMetrics(registry, monitor);
  const blobs = (bucket: string): BlobStore => {
    const store = new ObjectStoreBlobs(connection, bucket);
    return tracing ? new TracedBlobs(store, bucket) : store;
  };
  return {
    config,
    log,
    connection,
    monitor,
    publisher: new Publisher(connection.jetstream(), traceHeaders),
    episodes: new EpisodeStore(connection),
    audio: blobs(AUDIO_BUCKET),
    results: blobs(RESULTS_BUCKET),
    registry,
    observer: episodeMetrics(registry, name),
    tracing,
    ensureTopology,
  };
}

async function prepare(connection: Runtime['connection'], config: ServiceConfig): Promise<void> {
  const jsm = await connection.jetstreamManager();
  await ensureStreams(jsm, config);
  const replicas = config.STREAM_REPLICAS;
  await ensureBucket(jsm, {
    bucket: AUDIO_BUCKET,
    replicas,
    maxBytes: config.AUDIO_MAX_BYTES,
    maxAgeMs: config.AUDIO_MAX_AGE_SECONDS * SECOND,
  });
  await ensureBucket(jsm, {
    bucket: RESULTS_BUCKET,
    replicas,
    maxBytes: config.RESULTS_MAX_BYTES,
    maxAgeMs: config.RESULTS_MAX_AGE_SECONDS * SECOND,
  });
}
