import type { StorageConfig, StreamConfig } from '#shared/config/common';
import { SECOND } from '#shared/config/defaults';
import { AUDIO_BUCKET, RESULTS_BUCKET } from '#shared/contracts/subjects';
import type { NatsConnection } from '#shared/jetstream/connect';
import type { BlobStore } from './blob-store.ts';
import { ensureBucket } from './ensure-bucket.ts';
import { ObjectStoreBlobs } from './object-store-blobs.ts';
import { s3Settings } from './s3-settings.ts';

export interface BlobStores {
  audio: BlobStore;
  results: BlobStore;
  /** Makes the buckets where they are missing, and checks them; safe at any time, from any number of processes. */
  prepare: () => Promise<void>;
}

type Config = StorageConfig & Pick<StreamConfig, 'AUDIO_MAX_AGE_SECONDS' | 'RESULTS_MAX_AGE_SECONDS'>;
type PrepareConfig = Pick<StreamConfig, 'STREAM_REPLICAS' | 'AUDIO_MAX_BYTES' | 'RESULTS_MAX_BYTES'>;

/**
 * The stores of audio and results, as configured.
 * @throws PermanentError `bad-configuration`
 */
export async function openBlobStores(connection: NatsConnection, config: Config & PrepareConfig): Promise<BlobStores> {
  return config.STORAGE === 's3' ? s3Stores(config) : natsStores(connection, config);
}

function natsStores(connection: NatsConnection, config: Config & PrepareConfig): BlobStores {
  const buckets = [
    [AUDIO_BUCKET, config.AUDIO_MAX_BYTES, config.AUDIO_MAX_AGE_SECONDS],
    [RESULTS_BUCKET, config.RESULTS_MAX_BYTES, config.RESULTS_MAX_AGE_SECONDS],
  ] as const;
  return {
    audio: new ObjectStoreBlobs(connection, AUDIO_BUCKET),
    results: new ObjectStoreBlobs(connection, RESULTS_BUCKET),
    prepare: async () => {
      const jsm = await connection.jetstreamManager();
      for (const [bucket, maxBytes, maxAge] of buckets) {
        await ensureBucket(jsm, { bucket, replicas: config.STREAM_REPLICAS, maxBytes, maxAgeMs: maxAge * SECOND });
      }
    },
  };
}

/** The client takes some 30 MB, so it is loaded only by who needs it. */
async function s3Stores(config: Config): Promise<BlobStores> {
  const settings = s3Settings(config);
  const { prepareBucket, s3Client } = await import('./s3-client.ts');
  const { S3Blobs } = await import('./s3-blobs.ts');
  const client = s3Client(settings);
  const store = (name: string, maxAgeSeconds: number) =>
    new S3Blobs(client, {
      bucket: settings.bucket,
      prefix: `${settings.prefix}${name}/`,
      maxAgeMs: maxAgeSeconds * SECOND,
    });
  return {
    audio: store('audio', config.AUDIO_MAX_AGE_SECONDS),
    results: store('results', config.RESULTS_MAX_AGE_SECONDS),
    prepare: () => prepareBucket(client, settings),
  };
}
