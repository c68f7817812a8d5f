/** Run as a process to be killed in the middle of a put: `endless-put.ts <url> <bucket> <key>`. */
import { connectNats } from '#shared/jetstream/connect';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';

const [url = '', bucket = '', key = ''] = process.argv.slice(2);
const connection = await connectNats({ NATS_URL: url }, 'endless-put');

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(1024);
}

await new ObjectStoreBlobs(connection, bucket, { chunkBytes: 1024, inFlight: 2 }).put(key, endless());
