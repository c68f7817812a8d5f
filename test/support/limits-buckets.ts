import { afterAll, beforeAll } from '@jest/globals';
import { connect, type KV, type NatsConnection } from 'nats';
import { ensureLimitsBucket, openLimitsBucket } from '#shared/rate-limit/limits-bucket';
import { type NatsServer, startNatsServer } from './nats-server.ts';

/** One nats-server for the tests of a file, and as many buckets for limits as they ask for. */
export interface LimitsBuckets {
  /** From the first test on. */
  readonly connection: NatsConnection;
  /** An empty one, by a name nobody has had. */
  fresh(): Promise<{ bucket: KV; name: string }>;
}

export function limitsBuckets(): LimitsBuckets {
  let server: NatsServer;
  let connection: NatsConnection;
  let serial = 0;
  beforeAll(async () => {
    server = await startNatsServer();
    connection = await connect({ servers: server.url });
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });
  return {
    get connection() {
      return connection;
    },
    fresh: async () => {
      const name = `limits-${serial++}`;
      await ensureLimitsBucket(connection, 1, name);
      return { bucket: await openLimitsBucket(connection, name), name };
    },
  };
}
