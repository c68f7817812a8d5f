import type { NatsConnection, StreamState } from 'nats';
import { HEADERS } from '#shared/contracts/headers';
import { QUEUES } from '#shared/contracts/names';
import { DEAD_LETTERS_STREAM } from '#shared/contracts/subjects';
import { apiErrorCode, fromNats, JS_ERROR } from './nats-errors.ts';

/** Letters of one queue and reason. */
export interface DeadLetterCount {
  queue: string;
  reason: string;
  letters: number;
}

/** Anybody who may publish can write any reason: beyond this many, all are one. */
const MAX_REASONS = 50;
const OTHER = 'other';
const BATCH = 500;
const BATCH_MS = 2000;

/** Counts dead letters by queue and reason, reading only headers, and only when the stream has changed. */
export class DeadLetterCounter {
  readonly #connection: NatsConnection;
  #counted: DeadLetterCount[] = [];
  #seen = '';

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** @throws RetryableError `nats-unavailable`. */
  async count(): Promise<readonly DeadLetterCount[]> {
    try {
      const jsm = await this.#connection.jetstreamManager({ checkAPI: false });
      const { state } = await jsm.streams.info(DEAD_LETTERS_STREAM);
      const now = fingerprint(state);
      if (now === this.#seen) return this.#counted;
      this.#counted = state.messages === 0 ? [] : await this.#read();
      this.#seen = now;
      return this.#counted;
    } catch (error) {
      if (apiErrorCode(error) === JS_ERROR.streamNotFound) return [];
      throw fromNats(error);
    }
  }

  async #read(): Promise<DeadLetterCount[]> {
    const counts = new Map<string, DeadLetterCount>();
    const reasons = new Set<string>();
    const consumer = await this.#connection
      .jetstream()
      .consumers.get(DEAD_LETTERS_STREAM, { headers_only: true, inactive_threshold: 2 * BATCH_MS });
    for (let pending = Infinity; pending > 0;) {
      let received = 0;
      for await (const message of await consumer.fetch({ max_messages: BATCH, expires: BATCH_MS })) {
        received++;
        pending = message.info.pending;
        const queue = known(message.headers?.get(HEADERS.queue));
        const reason = bounded(message.headers?.get(HEADERS.reason) ?? '', reasons);
        const key = `${queue} ${reason}`;
        counts.set(key, { queue, reason, letters: (counts.get(key)?.letters ?? 0) + 1 });
        if (pending === 0) break;
      }
      if (received === 0) break;
    }
    await consumer.delete().catch(() => undefined);
    return [...counts.values()];
  }
}

function fingerprint({ messages, first_seq: first, last_seq: last, num_deleted: deleted }: StreamState): string {
  return `${messages} ${first} ${last} ${deleted}`;
}

function known(queue: string | undefined): string {
  return QUEUES.find((one) => one === queue) ?? OTHER;
}

function bounded(reason: string, reasons: Set<string>): string {
  if (!/^[a-z0-9-]{1,64}$/.test(reason)) return OTHER;
  if (reasons.size < MAX_REASONS) reasons.add(reason);
  return reasons.has(reason) ? reason : OTHER;
}
