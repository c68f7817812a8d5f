import type { NatsConnection } from 'nats';
import { QUEUES } from '#shared/contracts/names';
import { type DeadLetterCount, DeadLetterCounter } from './dead-letter-stats.ts';
import { type QueueStats, readQueueStats } from './queue-stats.ts';
import { readStorageStats, readStreamStats, type StorageStats, type StreamStats } from './stream-stats.ts';

/** What one look at JetStream tells of the whole cluster. */
export interface ClusterStats {
  queues: QueueStats[];
  streams: StreamStats[];
  /** undefined where this user may not ask. */
  storage: StorageStats | undefined;
  letters: readonly DeadLetterCount[];
}

/** Looks at queues, streams and dead letters: about ninety small requests. */
export class ClusterProbe {
  readonly #connection: NatsConnection;
  readonly #letters: DeadLetterCounter;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    this.#letters = new DeadLetterCounter(connection);
  }

  /** @throws RetryableError `nats-unavailable`. */
  async look(): Promise<ClusterStats> {
    const jsm = await this.#connection.jetstreamManager({ checkAPI: false });
    const [queues, streams, storage, letters] = await Promise.all([
      Promise.all(QUEUES.map((queue) => readQueueStats(jsm, queue))),
      readStreamStats(jsm),
      readStorageStats(jsm).catch(() => undefined),
      this.#letters.count(),
    ]);
    return { queues: queues.filter((stats) => stats !== undefined), streams, storage, letters };
  }
}
