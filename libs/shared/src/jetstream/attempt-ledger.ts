import type { JsMsg, KV, NatsConnection } from 'nats';
import { z } from 'zod';
import type { Queue } from '#shared/contracts/names';
import { ATTEMPTS_BUCKET } from '#shared/contracts/subjects';
import { fromNats } from './nats-errors.ts';

/** From this delivery on a job's attempts are written down: fewer are ordinary, and most jobs have one. */
const SUSPICIOUS_DELIVERY = 4;

const entrySchema = z.object({ crashes: z.int().min(0), open: z.boolean() });
type Entry = z.infer<typeof entrySchema>;

/**
 * Remembers which deliveries of a job began and never ended. JetStream only counts deliveries, and a job that was given
 * back a thousand times because NATS had no room is no job that kills its replica.
 */
export class AttemptLedger {
  readonly #connection: NatsConnection;
  readonly #queue: Queue;

  constructor(connection: NatsConnection, queue: Queue) {
    this.#connection = connection;
    this.#queue = queue;
  }

  /**
   * Writes down that an attempt begins. @returns how many before it never ended.
   * @throws RetryableError when it can't be written down: then nobody may begin.
   */
  async begin(message: JsMsg): Promise<number> {
    if (!isSuspicious(message)) return 0;
    try {
      const bucket = await this.#open();
      const before = read((await bucket.get(this.#key(message)))?.string());
      const crashes = before.crashes + (before.open ? 1 : 0);
      await bucket.put(this.#key(message), JSON.stringify({ crashes, open: true } satisfies Entry));
      return crashes;
    } catch (error) {
      throw fromNats(error);
    }
  }

  /** Writes down that the attempt ended, whatever came of it. A note that is lost counts as one crash. */
  async end(message: JsMsg, crashes: number): Promise<void> {
    if (!isSuspicious(message)) return;
    const bucket = await this.#open();
    await bucket.put(this.#key(message), JSON.stringify({ crashes, open: false } satisfies Entry));
  }

  /** A stream that was made anew counts from 1 again; the time tells its messages from the old ones. */
  #key({ seq, info }: JsMsg): string {
    return `${this.#queue}.${seq}.${Math.floor(info.timestampNanos / 1e6)}`;
  }

  #open(): Promise<KV> {
    return this.#connection.jetstream().views.kv(ATTEMPTS_BUCKET, { bindOnly: true });
  }
}

const isSuspicious = ({ info }: JsMsg): boolean => info.deliveryCount >= SUSPICIOUS_DELIVERY;

function read(text: string | undefined): Entry {
  if (text === undefined) return { crashes: 0, open: false };
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return { crashes: 0, open: false };
  }
}
