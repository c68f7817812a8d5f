import type { NatsConnection, Subscription } from 'nats';
import { QUEUES } from '#shared/contracts/names';
import { jobStream } from '#shared/contracts/subjects';

const JOB_STREAMS = new Set<string>(QUEUES.map(jobStream));

interface Job {
  /** Most deliveries an answer has told of. */
  deliveries: number;
  /** Deliveries that were given back. */
  naked: Set<number>;
  /** Deliveries whose successor came before their time was up. */
  early: Set<number>;
  acked: boolean;
}

/**
 * Listens to the answers replicas give to deliveries. Each names the job and counts its deliveries, so that what came
 * again because it was given back can be told from what came again because nobody answered. What came again before its time
 * was up has not timed out: the server offers a job at once to somebody else when the pull it was for has just ended.
 */
export class AckTap {
  readonly #jobs = new Map<string, Job>();
  readonly #ackWaitMs: number;
  readonly #subscription: Subscription;

  constructor(connection: NatsConnection, ackWaitMs: number) {
    this.#ackWaitMs = ackWaitMs;
    this.#subscription = connection.subscribe('$JS.ACK.>', {
      callback: (_error, message) => this.#note(message.subject, Buffer.from(message.data).toString('latin1')),
    });
  }

  get jobs(): number {
    return this.#jobs.size;
  }

  /** Jobs that were answered, and never with an ack. */
  get unfinished(): number {
    return [...this.#jobs.values()].filter(({ acked }) => !acked).length;
  }

  get givenBack(): number {
    return [...this.#jobs.values()].reduce((sum, { naked }) => sum + naked.size, 0);
  }

  /** Deliveries that followed one nobody had answered. */
  get timeouts(): number {
    return [...this.#jobs.values()].reduce((sum, job) => sum + unanswered(job), 0);
  }

  /** The jobs these belong to, as `<stream>.<sequence>: <deliveries>`. */
  get timedOut(): string[] {
    return [...this.#jobs].filter(([, job]) => unanswered(job) > 0).map(([key, job]) => `${key}: ${job.deliveries}`);
  }

  get mostDeliveries(): number {
    return Math.max(0, ...[...this.#jobs.values()].map(({ deliveries }) => deliveries));
  }

  /** While it listens, an answer to a consumer that is gone is not refused at once, as it is otherwise. */
  close(): void {
    this.#subscription.unsubscribe();
  }

  clear(): void {
    this.#jobs.clear();
  }

  /**
   * `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<published, ns>....`, with two more
   * tokens in front where a domain is set.
   */
  #note(subject: string, answer: string): void {
    const tokens = subject.split('.');
    const at = tokens.findIndex((token) => JOB_STREAMS.has(token));
    if (at < 0) return;
    const key = `${tokens[at]}.${tokens[at + 3]}`;
    const job = this.#jobs.get(key) ?? {
      deliveries: 0,
      naked: new Set<number>(),
      early: new Set<number>(),
      acked: false,
    };
    this.#jobs.set(key, job);
    const delivery = Number(tokens[at + 2]);
    const ageMs = Date.now() - Number(tokens[at + 5]) / 1e6;
    if (delivery > job.deliveries && ageMs < this.#ackWaitMs)
      for (let earlier = 1; earlier < delivery; earlier++) job.early.add(earlier);
    job.deliveries = Math.max(job.deliveries, delivery);
    if (answer.startsWith('-NAK')) job.naked.add(delivery);
    if (answer === '' || answer.startsWith('+ACK')) job.acked = true;
  }
}

const unanswered = ({ deliveries, naked, early }: Job): number =>
  Math.max(0, deliveries - 1 - new Set([...naked, ...early]).size);
