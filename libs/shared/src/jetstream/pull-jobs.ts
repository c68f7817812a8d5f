import type { JetStreamClient, JsMsg } from 'nats';
import { type Lane, LANES, type Queue } from '#shared/contracts/names';
import { jobConsumer, type JobPlace, jobStream, jobSubject } from '#shared/contracts/subjects';
import { type Turn, turnsOf } from '#shared/contracts/turn';
import { KnownEmpty } from './known-empty.ts';
import { statusCode } from './nats-errors.ts';
import { TurnOrder } from './turn-order.ts';

export interface PulledJob extends JobPlace {
  message: JsMsg;
}

/**
 * Takes a queue's jobs in their order: lane after lane, inside a lane by turns. Asks without waiting. Nothing is buffered and
 * no pull stays open, so an idle replica never waits behind a busy one, and a frozen one swallows nothing.
 */
export class JobPuller {
  readonly #js: JetStreamClient;
  readonly #queue: Queue;
  readonly #empty: KnownEmpty;
  readonly #orders = new Map<Lane, TurnOrder>(LANES.map((lane) => [lane, new TurnOrder()]));

  /** @param idlePollMs how often an idle replica looks for work nobody rang for. */
  constructor(js: JetStreamClient, queue: Queue, idlePollMs: number) {
    this.#js = js;
    this.#queue = queue;
    this.#empty = new KnownEmpty(idlePollMs);
  }

  /**
   * The job whose turn it is, if one waits.
   * @throws NatsError 503 or 409 when a consumer is gone: make it anew.
   */
  async pull(): Promise<PulledJob | undefined> {
    for (const [lane, order] of this.#orders) {
      const job = await this.#pullFrom(lane, order);
      if (job) return job;
    }
    return undefined;
  }

  /** A job was published to the subject. */
  heard(subject: string): void {
    this.#empty.heard(subject);
  }

  /** A job that was pulled here is settled. */
  settled({ lane, turn }: JobPlace): void {
    this.#empty.forget(jobSubject(this.#queue, lane, turn));
  }

  /** Whatever was learnt may be wrong: the connection was away, or the queue was made anew. */
  forget(): void {
    this.#empty.clear();
  }

  async #pullFrom(lane: Lane, order: TurnOrder): Promise<PulledJob | undefined> {
    const isEmpty = (turn: Turn): boolean => this.#empty.has(jobSubject(this.#queue, lane, turn));
    const turns = turnsOf(this.#queue);
    for (const turn of order.get()) {
      if (!turns.includes(turn) || isEmpty(turn)) continue;
      const message = await pullNow(this.#js, jobStream(this.#queue), jobConsumer(this.#queue, lane, turn));
      order.asked(turn);
      if (message) {
        order.took(turn, (other) => turns.includes(other) && !isEmpty(other));
        return { message, lane, turn };
      }
      this.#empty.note(jobSubject(this.#queue, lane, turn), turn === 0);
    }
    return undefined;
  }
}

/** The next message of a consumer, if one waits. @throws NatsError 503 or 409 when the consumer is gone. */
export async function pullNow(js: JetStreamClient, stream: string, consumer: string): Promise<JsMsg | undefined> {
  try {
    return await js.pull(stream, consumer, 0);
  } catch (error) {
    // 404: nothing waits; 408: nothing came in time; 409 "max ack pending" is told as 404 to pulls that do not wait.
    const status = statusCode(error);
    if (status === 404 || status === 408) return undefined;
    throw error;
  }
}
