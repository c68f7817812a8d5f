import type { JsMsg, KV, NatsConnection } from 'nats';
import { z } from 'zod';
import type { Queue } from '#shared/contracts/names';
import { ATTEMPTS_BUCKET } from '#shared/contracts/subjects';
import { fromNats } from './nats-errors.ts';

/** From this delivery on a job's attempts are written down: fewer are ordinary, and most jobs have one. */
const SUSPICIOUS_DELIVERY = 4;

const entrySchema = z.object({
  /** Attempts that began and never ended. */
  crashes: z.int().min(0),
  /** Whether one has begun and not ended yet. */
  open: z.boolean(),
  /** Attempts that failed by a fault of the job's own. */
  failures: z.int().min(0).default(0),
});
export type Attempts = z.infer<typeof entrySchema>;

const NONE: Attempts = { crashes: 0, open: false, failures: 0 };

/**
 * Remembers which deliveries of a job began and never ended, and which failed. JetStream only counts deliveries, and a job
 * that was given back a thousand times because NATS had no room, or whose replicas were killed, has not failed once.
 */
export class AttemptLedger {
  readonly #connection: NatsConnection;
  readonly #queue: Queue;

  constructor(connection: NatsConnection, queue: Queue) {
    this.#connection = connection;
    this.#queue = queue;
  }

  /**
   * Writes down that an attempt begins. @returns what became of those before it, as far as it is looked at yet.
   * @throws RetryableError when it can't be written down: then nobody may begin.
   */
  async begin(message: JsMsg): Promise<Attempts> {
    if (!isSuspicious(message)) return NONE;
    try {
      const before = await this.#read(message);
      const attempts = { ...before, crashes: before.crashes + (before.open ? 1 : 0), open: true };
      await this.#write(message, attempts);
      return attempts;
    } catch (error) {
      throw fromNats(error);
    }
  }

  /** Writes down that the attempt ended, whatever came of it. A note that is lost counts as one crash. */
  async end(message: JsMsg, attempts: Attempts): Promise<void> {
    if (isSuspicious(message)) await this.#write(message, { ...attempts, open: false });
  }

  /**
   * Writes down that the attempt, which has ended, failed by a fault of the job's own.
   * @returns how many have, with this one.
   * @throws RetryableError when it can't be written down.
   */
  async fail(message: JsMsg): Promise<number> {
    try {
      const before = await this.#read(message);
      const failures = before.failures + 1;
      await this.#write(message, { ...before, failures });
      return failures;
    } catch (error) {
      throw fromNats(error);
    }
  }

  async #read(message: JsMsg): Promise<Attempts> {
    const entry = await (await this.#open()).get(this.#key(message));
    return parse(entry?.string());
  }

  async #write(message: JsMsg, attempts: Attempts): Promise<void> {
    await (await this.#open()).put(this.#key(message), JSON.stringify(attempts));
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

function parse(text: string | undefined): Attempts {
  if (text === undefined) return NONE;
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    return NONE;
  }
}
