import { type Msg, type NatsConnection, type NatsError, type Subscription } from 'nats';
import { z } from 'zod';
import { CancelledError, RetryableError } from '#shared/errors';
import { inboxOf } from '#shared/jetstream/inbox';
import { onConnectionLoss } from './connection-watch.ts';
import { type Patience, PatientWait } from './patient-wait.ts';
import { storeRefusal, unavailable } from './storage-errors.ts';

const ackSchema = z.object({
  seq: z.number().optional(),
  error: z.object({ code: z.number(), err_code: z.number().optional(), description: z.string().optional() }).optional(),
});

export interface WindowLimits {
  /** Messages under way that the server has not confirmed. */
  inFlight: number;
  /** Longest time without a confirmation, in milliseconds: a slow link is no reason to give up, a silent one is. */
  stallMs: number;
}

/** Milliseconds without an answer after which a writer that gave up waits no more. */
const ABANDON_MS = 2000;

/**
 * Stores messages on one subject of a stream, a bounded number of them at a time. The client's own publish takes any
 * number and gives each five seconds, which a slow link cannot keep.
 */
export class PublishWindow {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #limits: WindowLimits;
  readonly #inbox: string;
  readonly #acks: Subscription;
  readonly #wait = new PatientWait();
  readonly #release: Array<() => void> = [];
  readonly #patience: Patience;
  /** Stream sequence of each message, by its number; 0 while it is not confirmed. */
  readonly #sequences: number[] = [];
  #confirmed = 0;
  readonly #answers = new PatientWait();
  #answered = 0;

  constructor(connection: NatsConnection, subject: string, limits: WindowLimits, signal?: AbortSignal) {
    this.#connection = connection;
    this.#inbox = inboxOf(connection);
    this.#subject = subject;
    this.#limits = limits;
    this.#acks = connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => this.#onAck(error, message),
    });
    this.#patience = {
      ms: limits.stallMs,
      error: () => unavailable(`NATS confirmed nothing on ${subject} for ${limits.stallMs / 1000} s.`),
    };
    const onLoss = (): void => {
      const loss = unavailable(`The connection to NATS broke while writing ${subject}.`);
      for (const wait of [this.#wait, this.#answers]) wait.fail(loss);
    };
    this.#release.push(onConnectionLoss(connection, onLoss));
    if (signal !== undefined) this.#obey(signal);
  }

  /** Sends a message; resolves when there is room for another. */
  async publish(payload: Uint8Array): Promise<void> {
    this.#wait.throwIfFailed();
    this.#connection.publish(this.#subject, payload, { reply: `${this.#inbox}.${this.#sequences.length}` });
    this.#sequences.push(0);
    await this.#wait.until(() => this.#sequences.length - this.#confirmed < this.#limits.inFlight, this.#patience);
  }

  /** Waits for something else (the source of the next message), but not if the window fails meanwhile. */
  whileOpen<T>(promise: Promise<T>, patience: Patience): Promise<T> {
    return this.#wait.of(promise, patience);
  }

  /** Resolves when everything is stored, in the order it was sent. */
  async drain(): Promise<void> {
    await this.#wait.until(() => this.#confirmed === this.#sequences.length, this.#patience);
    const disordered = this.#sequences.some((seq, number) => number > 0 && seq <= (this.#sequences[number - 1] ?? 0));
    if (disordered) throw unavailable(`NATS stored what was sent to ${this.#subject} in another order.`);
  }

  /**
   * Waits a moment for the answers to what was sent, whatever they are: a purge is served ahead of messages that wait
   * to be stored, which would then stay for ever.
   */
  async abandon(): Promise<void> {
    const patience = { ms: ABANDON_MS, error: () => new Error('no answer') };
    await this.#answers.until(() => this.#answered === this.#sequences.length, patience).catch(() => undefined);
  }

  close(): void {
    this.#acks.unsubscribe();
    for (const release of this.#release) release();
  }

  #obey(signal: AbortSignal): void {
    const onAbort = (): void => this.#wait.fail(new CancelledError(undefined, { cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#release.push(() => signal.removeEventListener('abort', onAbort));
  }

  #onAck(error: NatsError | null, message: Msg): void {
    this.#answered += 1;
    this.#answers.notify();
    const number = Number(message.subject?.slice(this.#inbox.length + 1));
    try {
      if (error) throw unavailable(`NATS refused the answers to ${this.#subject}: ${error.message}`, error);
      this.#sequences[number] = sequenceOf(message, this.#subject);
      this.#confirmed += 1;
      this.#wait.notify();
    } catch (failure) {
      this.#wait.fail(failure instanceof RetryableError ? failure : unavailable(String(failure), failure));
    }
  }
}

function sequenceOf(message: Msg, subject: string): number {
  // No responders: the stream is gone, or has no leader at this moment.
  if (message.data.length === 0) throw unavailable(`NATS has no stream that takes ${subject} at the moment.`);
  const { seq, error } = ackSchema.parse(message.json());
  if (error !== undefined) throw storeRefusal(error, subject);
  if (seq === undefined) throw unavailable(`NATS answered ${subject} without a sequence: ${message.string()}`);
  return seq;
}
