import { randomUUID } from 'node:crypto';
import { headers as newHeaders, type JetStreamManager, type MsgHdrs, type NatsConnection } from 'nats';
import { HEADERS } from '#shared/contracts/headers';
import { identifyJob } from '#shared/contracts/job-identity';
import { type Queue, QUEUES } from '#shared/contracts/names';
import { jobConsumer, type JobPlace, jobPlaces, jobStream, jobSubject } from '#shared/contracts/subjects';
import { findConsumer } from './find-consumer.ts';
import { fromNats } from './nats-errors.ts';
import { storedJobs } from './stored-jobs.ts';

/** A job nobody has been given yet. */
export interface WaitingJob {
  queue: Queue;
  place: JobPlace;
  /** In the queue's stream. */
  sequence: number;
  headers: MsgHdrs | undefined;
  data: Uint8Array;
}

/** The jobs of single episodes, out of the queues they wait in. For people: it reads through the queues. */
export class WaitingJobs {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /**
   * The jobs of an episode's stages that wait; those that are at work, or rest before a retry, are not among them.
   * @throws RetryableError `nats-unavailable`.
   */
  async find(episodeId: string): Promise<WaitingJob[]> {
    const jsm = await this.#connection.jetstreamManager();
    const places = QUEUES.filter((queue) => queue !== 'webhook').flatMap((queue) =>
      jobPlaces(queue).map((place) => ({ queue, place })),
    );
    const found = await Promise.all(places.map(({ queue, place }) => findIn(jsm, queue, place, episodeId)));
    return found.flat();
  }

  /**
   * Gives a waiting job another place. It is published there first and taken away here then: interrupted, it is there
   * twice, and the second finds what the first has done.
   * @param data the job's message as it shall be.
   * @param msgID a new one by default: moving twice within JetStream's window must move twice.
   */
  async move(
    { queue, sequence, headers }: Pick<WaitingJob, 'queue' | 'sequence' | 'headers'>,
    to: JobPlace,
    data: string | Uint8Array,
    msgID = `move:${randomUUID()}`,
  ): Promise<void> {
    const kept = newHeaders();
    for (const name of headers?.keys() ?? []) {
      if (name !== HEADERS.messageId) for (const value of headers?.values(name) ?? []) kept.append(name, value);
    }
    try {
      await this.#connection.jetstream().publish(jobSubject(queue, to.lane, to.turn), data, { headers: kept, msgID });
    } catch (error) {
      throw fromNats(error);
    }
    const jsm = await this.#connection.jetstreamManager();
    // Somebody may have taken and done it meanwhile.
    await jsm.streams.deleteMessage(jobStream(queue), sequence, false).catch(() => undefined);
  }
}

async function findIn(jsm: JetStreamManager, queue: Queue, place: JobPlace, episodeId: string): Promise<WaitingJob[]> {
  const jobs: WaitingJob[] = [];
  try {
    const consumer = await findConsumer(jsm, jobStream(queue), jobConsumer(queue, place.lane, place.turn));
    const handedOut = consumer?.delivered.stream_seq ?? 0;
    for await (const { seq: sequence, header, data } of storedJobs(jsm, queue, place, handedOut + 1)) {
      const headers: MsgHdrs | undefined = header;
      if (isOf(episodeId, queue, headers, data)) jobs.push({ queue, place, sequence, headers, data });
    }
    return jobs;
  } catch (error) {
    throw fromNats(error);
  }
}

/** Podline's own publishes say whose they are; a stranger's episode has to be read. */
function isOf(episodeId: string, queue: Queue, headers: MsgHdrs | undefined, data: Uint8Array): boolean {
  const named = headers?.get(HEADERS.episode);
  return (named === undefined || named === '' ? identifyJob(queue, data).episodeId : named) === episodeId;
}
