import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { natsConfigSchema } from '#shared/config/common';
import { connectNats } from '#shared/jetstream/connect';
import { type Replica, startReplica, type TestHandler } from './job-harness.ts';
import { type NatsServer, startNatsServer } from './nats-server.ts';

/** What the tests of a file share: a server, and for each test a connection to it. */
export class JobStage {
  nats!: NatsServer;
  connection!: NatsConnection;
  readonly #replicas: Replica[] = [];

  /** To be made outside of all tests: each begins without streams, and its replicas end with it. */
  constructor() {
    beforeAll(async () => {
      this.nats = await startNatsServer();
    });
    beforeEach(async () => {
      this.connection = await connectNats(natsConfigSchema.parse({ NATS_URL: this.nats.url }), 'test');
    });
    afterEach(() => this.#clear());
    afterAll(() => this.nats.stop());
  }

  async start(
    handler: TestHandler,
    options: Parameters<typeof startReplica>[2] = {},
    meanwhile?: () => Promise<unknown>,
  ): Promise<Replica> {
    const replica = await startReplica(this.nats.url, handler, options, meanwhile);
    this.#replicas.push(replica);
    return replica;
  }

  async #clear(): Promise<void> {
    await Promise.all(this.#replicas.splice(0).map((replica) => replica.stop()));
    const { streams } = await this.connection.jetstreamManager();
    for await (const { config } of streams.list()) await streams.delete(config.name);
    await this.connection.close();
  }
}
