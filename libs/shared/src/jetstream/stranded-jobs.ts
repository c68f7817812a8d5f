import type { JetStreamManager, NatsConnection } from 'nats';
import { type Queue, QUEUES } from '#shared/contracts/names';
import { jobConsumer, type JobPlace, jobPlaces, jobStream } from '#shared/contracts/subjects';
import { findConsumer } from './find-consumer.ts';
import { apiErrorCode, fromNats, JS_ERROR } from './nats-errors.ts';
import { storedJobs } from './stored-jobs.ts';
import { WaitingJobs } from './waiting-jobs.ts';

/**
 * Jobs that lie in a queue although their consumer has settled everything up to them: nobody is ever given them. They are
 * what a killed nats-server 2.9.10 had settled and finds again when it starts. Whether their work is done is not asked:
 * they are queued again, and whoever takes one finds what there is.
 */
export class StrandedJobs {
  readonly #connection: NatsConnection;
  readonly #waiting: WaitingJobs;
  /** Ack floors at the last look, by consumer: what is on its way out of its queue is gone by the next. */
  readonly #floors = new Map<string, number>();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    this.#waiting = new WaitingJobs(connection);
  }

  /**
   * Queues again what was stranded at this look and at the one before.
   * @returns how many.
   * @throws RetryableError `nats-unavailable`.
   */
  async requeue(): Promise<number> {
    try {
      const jsm = await this.#connection.jetstreamManager();
      let count = 0;
      for (const queue of QUEUES) {
        if (await isEmpty(jsm, queue)) continue;
        for (const place of jobPlaces(queue)) count += await this.#requeueIn(jsm, queue, place);
      }
      return count;
    } catch (error) {
      throw fromNats(error);
    }
  }

  async #requeueIn(jsm: JetStreamManager, queue: Queue, place: JobPlace): Promise<number> {
    const stream = jobStream(queue);
    const consumer = jobConsumer(queue, place.lane, place.turn);
    const floor = (await findConsumer(jsm, stream, consumer))?.ack_floor.stream_seq ?? 0;
    // The lower of both: a queue that was made anew counts from 1 again.
    const settled = Math.min(floor, this.#floors.get(consumer) ?? 0);
    this.#floors.set(consumer, floor);
    let count = 0;
    if (settled === 0) return count;
    for await (const { seq: sequence, header: headers, data } of storedJobs(jsm, queue, place, 1)) {
      if (sequence > settled) break;
      // Of two caretakers that do this, the server drops the second one's.
      await this.#waiting.move({ queue, sequence, headers }, place, data, `stranded:${stream}:${sequence}`);
      count++;
    }
    return count;
  }
}

async function isEmpty(jsm: JetStreamManager, queue: Queue): Promise<boolean> {
  try {
    return (await jsm.streams.info(jobStream(queue))).state.messages === 0;
  } catch (error) {
    if (apiErrorCode(error) === JS_ERROR.streamNotFound) return true;
    throw error;
  }
}
