import type { NatsConnection } from 'nats';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { AUDIO_BUCKET, RESULTS_BUCKET } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { Publisher } from '#shared/jetstream/publish';
import { ensureStreams } from '#shared/jetstream/streams';
import { SILENT } from '#shared/observability/log';
import { ensureBucket } from '#shared/storage/ensure-bucket';
import { EpisodeStore } from '#shared/storage/episode-store';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import type { Stores } from '#shared/transcription/complete-episode';
import { startNatsServer } from './nats-server.ts';

export interface StartedStores {
  connection: NatsConnection;
  stores: Stores & { audio: ObjectStoreBlobs; results: ObjectStoreBlobs };
  stop: () => Promise<void>;
}

/** A server with the streams and buckets of a new installation, and what a service works with on it. */
export async function startStores(): Promise<StartedStores> {
  const nats = await startNatsServer();
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'test');
  const jsm = await connection.jetstreamManager();
  await ensureStreams(jsm, streamConfigSchema.parse({}));
  for (const bucket of [AUDIO_BUCKET, RESULTS_BUCKET]) await ensureBucket(jsm, { bucket, replicas: 1, maxBytes: 0 });
  return {
    connection,
    stores: {
      publisher: new Publisher(connection.jetstream()),
      episodes: new EpisodeStore(connection),
      audio: new ObjectStoreBlobs(connection, AUDIO_BUCKET),
      results: new ObjectStoreBlobs(connection, RESULTS_BUCKET),
      log: SILENT,
    },
    stop: async () => {
      await connection.close();
      await nats.stop();
    },
  };
}
