import type { pino } from 'pino';
import type { ServiceConfig } from '#shared/config/common';
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
import { openBlobStores } from '#shared/storage/open-blob-stores';
import { connectPatiently } from './connect-patiently.ts';
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
  const connection = await connectPatiently(() => connectNats(config, name), log);
  const version = connection.info?.version ?? 'unknown';
  const refusal = refuseServer(version, config.STREAM_REPLICAS);
  if (refusal !== undefined) throw new Error(refusal);
  log.info({ version, productionFloor: PRODUCTION_FLOOR }, 'Connected to NATS');
  const { audio, results, prepare } = await openBlobStores(connection, config);
  const ensureTopology = async (): Promise<void> => {
    await ensureStreams(await connection.jetstreamManager(), config);
    await prepare();
  };
  await persist(ensureTopology, log, 'Streams or storage are not ready yet; trying again');
  const monitor = new ConnectionMonitor(connection);
  const registry = createRegistry(name);
  processMetrics(registry, monitor);
  const traced = (store: BlobStore, bucket: string): BlobStore => (tracing ? new TracedBlobs(store, bucket) : store);
  return {
    config,
    log,
    connection,
    monitor,
    publisher: new Publisher(connection.jetstream(), traceHeaders),
    episodes: new EpisodeStore(connection),
    audio: traced(audio, AUDIO_BUCKET),
    results: traced(results, RESULTS_BUCKET),
    registry,
    observer: episodeMetrics(registry, name),
    tracing,
    ensureTopology,
  };
}
