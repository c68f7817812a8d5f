import { connect } from 'nats';
import { newNatsServerBinary, NO_NEW_NATS_SERVER } from '../../../../test/support/new-nats-server.ts';
import { startNatsServer } from '../../../../test/support/nats-server.ts';
import { describe, test } from '@jest/globals';
import { type BlobStoreUnderTest, describeBlobStore } from './blob-store.contract.ts';
import { ensureBucket } from './ensure-bucket.ts';
import { ObjectStoreBlobs } from './object-store-blobs.ts';

/** Small chunks and a narrow window: every test then crosses their borders. */
const LIMITS = { chunkBytes: 1024, inFlight: 3, stallMs: 5000 };
const BORDERS = [0, LIMITS.chunkBytes, LIMITS.inFlight * LIMITS.chunkBytes, 7 * LIMITS.chunkBytes];

describeBlobStore('the Object Store of the installed nats-server', BORDERS, () => startStore());

const binary = await newNatsServerBinary();
if (binary !== undefined) {
  describeBlobStore('the Object Store of a current nats-server', BORDERS, () => startStore(binary));
} else {
  describe('the Object Store of a current nats-server', () => {
    test.skip(NO_NEW_NATS_SERVER, () => undefined);
  });
}

async function startStore(binary?: string): Promise<BlobStoreUnderTest> {
  const server = await startNatsServer({ binary });
  const connection = await connect({ servers: server.url });
  await ensureBucket(await connection.jetstreamManager(), { bucket: 'contract', replicas: 1, maxBytes: 2 ** 30 });
  return {
    store: new ObjectStoreBlobs(connection, 'contract', LIMITS),
    close: async () => {
      await connection.close();
      await server.stop();
    },
  };
}
