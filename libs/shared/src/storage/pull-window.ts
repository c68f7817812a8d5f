import { type Msg, type NatsConnection, type NatsError, nanos, type Subscription } from 'nats';
import { inboxOf } from '#shared/jetstream/inbox';
import { asError, CancelledError } from '#shared/errors';
import { onConnectionLoss } from './connection-watch.ts';
import { type Patience, PatientWait } from './patient-wait.ts';
import { unavailable } from './storage-errors.ts';

/** One message of a stream. */
export interface StreamMessage {
  subject: string;
  /** Sequence in the stream. */
  seq: number;
  storedAt: Date;
  /** Messages after this one that match. */
  pending: number;
  data: Uint8Array;
}

export interface PullLimits {
  /** Messages asked for or waiting here, at most. */
  inFlight: number;
  /** Longest wait for a message that is known to be there, in milliseconds. */
  stallMs: number;
}

/** What there is to know of a consumer. */
export interface PulledConsumer {
  stream: string;
  name: string;
  /** Messages it has to deliver. */
  pending: number;
}

/** A pull lasts a tenth of the patience: messages that are there come at once, and one that was deleted never does. */
const PULLS_A_STALL = 10;

/** Status of a pull that was not given all it asked for in its time. */
const EXPIRED = new Set([404, 408]);

/**
 * Takes messages from a pull consumer, a bounded number ahead of the reader: a slow reader makes the server wait instead
 * of filling the memory.
 */
export class PullWindow {
  readonly #connection: NatsConnection;
  readonly #consumer: PulledConsumer;
  readonly #limits: PullLimits;
  readonly #inbox: string;
  readonly #messages: Subscription;
  readonly #wait = new PatientWait();
  readonly #patience: Patience;
  readonly #release: Array<() => void> = [];
  readonly #queue: StreamMessage[] = [];
  /** Asked for and not here yet. */
  #due = 0;
  /** At the server and not asked for yet. */
  #left: number;

  constructor(connection: NatsConnection, consumer: PulledConsumer, limits: PullLimits, signal?: AbortSignal) {
    this.#connection = connection;
    this.#inbox = inboxOf(connection);
    this.#consumer = consumer;
    this.#limits = limits;
    this.#left = consumer.pending;
    this.#messages = connection.subscribe(this.#inbox, {
      callback: (error, message) => this.#onMessage(error, message),
    });
    this.#patience = {
      ms: limits.stallMs,
      error: () => unavailable(`NATS sent nothing of ${consumer.stream} for ${limits.stallMs / 1000} s.`),
    };
    const onLoss = (): void =>
      this.#wait.fail(unavailable(`The connection to NATS broke while reading ${consumer.stream}.`));
    this.#release.push(onConnectionLoss(connection, onLoss));
    if (signal !== undefined) this.#obey(signal);
  }

  /**
   * The next message; undefined when there seems to be none. Only seems: a message that is deleted or replaced meanwhile
   * makes servers miscount what is left (2.9 in both directions), and a slow one lets the pull expire.
   */
  async next(): Promise<StreamMessage | undefined> {
    this.#ask();
    if (this.#queue.length === 0 && this.#due === 0) return undefined;
    await this.#wait.until(() => this.#queue.length > 0 || this.#due === 0, this.#patience);
    return this.#queue.shift();
  }

  close(): void {
    this.#messages.unsubscribe();
    for (const release of this.#release) release();
  }

  /** Half a window at a time: a request a message would double the traffic. */
  #ask(): void {
    const room = this.#limits.inFlight - this.#due - this.#queue.length;
    const batch = Math.min(room, this.#left);
    if (batch <= 0 || (batch < this.#limits.inFlight / 2 && batch < this.#left)) return;
    this.#due += batch;
    this.#left -= batch;
    const { stream, name } = this.#consumer;
    const request = { batch, expires: nanos(this.#limits.stallMs / PULLS_A_STALL) };
    this.#connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, JSON.stringify(request), {
      reply: this.#inbox,
    });
  }

  #onMessage(error: NatsError | null, message: Msg): void {
    try {
      if (error) throw error;
      if (EXPIRED.has(message.headers?.code ?? 0)) {
        this.#due = 0;
        this.#left = 0;
      } else this.#take(streamMessage(message));
      this.#wait.notify();
    } catch (failure) {
      this.#wait.fail(unavailable(`NATS stopped sending: ${asError(failure).message}`, failure));
    }
  }

  #take(message: StreamMessage): void {
    this.#queue.push(message);
    this.#due = Math.max(0, this.#due - 1);
    this.#left = Math.max(0, message.pending - this.#due);
  }

  #obey(signal: AbortSignal): void {
    const onAbort = (): void => this.#wait.fail(new CancelledError(undefined, { cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#release.push(() => signal.removeEventListener('abort', onAbort));
  }
}

/**
 * The reply subject of a message carries where it stands in its stream (ADR-15): `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream
 * sequence>.<consumer sequence>.<nanoseconds>.<pending>`, since 2.10 with domain and account before the stream and
 * perhaps a token after the end. A message without one is a status: why none comes.
 */
function streamMessage(message: Msg): StreamMessage {
  const tokens = message.reply?.split('.') ?? [];
  if (tokens[1] !== 'ACK') throw new Error(`${message.headers?.code ?? 0} ${message.headers?.description ?? ''}`);
  const [seq, , nanoseconds, pending] = tokens.slice(tokens.length === 9 ? 5 : 7);
  return {
    subject: message.subject,
    seq: Number(seq),
    storedAt: new Date(Number(nanoseconds) / 1e6),
    pending: Number(pending),
    data: message.data,
  };
}
