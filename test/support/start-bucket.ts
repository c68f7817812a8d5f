import { connectNats } from '#shared/jetstream/connect';
import { type BucketSettings, ensureBucket } from '#shared/storage/ensure-bucket';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import type { StorageLimits } from '#shared/storage/storage-limits';

export type StartedBucket = Awaited<ReturnType<typeof startBucket>>;

/** A bucket, a connection of its own, and the store on it. Chunks are small and few in flight: tests cross their borders. */
export async function startBucket(
  url: string,
  settings: Partial<BucketSettings> = {},
  limits: Partial<StorageLimits> = {},
) {
  const connection = await connectNats({ NATS_URL: url }, 'test');
  const jsm = await connection.jetstreamManager();
  const bucket = settings.bucket ?? 'test';
  await ensureBucket(jsm, { bucket, replicas: 1, maxBytes: 0, ...settings });
  const store = new ObjectStoreBlobs(connection, bucket, { chunkBytes: 1024, inFlight: 3, stallMs: 5000, ...limits });
  return {
    connection,
    jsm,
    store,
    /** Messages and subjects in the bucket: two subjects an object of at least one byte. */
    async usage(): Promise<{ messages: number; subjects: number }> {
      const { state } = await jsm.streams.info(`OBJ_${bucket}`);
      return { messages: state.messages, subjects: state.num_subjects ?? 0 };
    },
    close: () => connection.close(),
  };
}
