import type { JetStreamManager } from 'nats';
import { type Lane, LANES, type Queue } from '#shared/contracts/names';
import { jobConsumer, type JobPlace, jobPlaces, jobStream, jobSubject } from '#shared/contracts/subjects';
import { findConsumer } from './find-consumer.ts';
import { apiErrorCode, fromNats, JS_ERROR } from './nats-errors.ts';

export interface LaneStats {
  lane: Lane;
  /** Jobs nobody has begun. */
  waiting: number;
  /** Jobs handed out and not settled. */
  unacked: number;
  /** Those of them that were handed out more than once. */
  redelivered: number;
  /** Nobody can take some of this lane's jobs. */
  consumerMissing: boolean;
}

export interface QueueStats {
  queue: Queue;
  lanes: LaneStats[];
  /** When the oldest unsettled job was published, in milliseconds since 1970 by the server's clock. */
  oldestAt: number | undefined;
}

/**
 * How many jobs a queue holds, as JetStream knows it.
 * @returns undefined where the queue's stream does not exist.
 */
export async function readQueueStats(jsm: JetStreamManager, queue: Queue): Promise<QueueStats | undefined> {
  const stream = jobStream(queue);
  try {
    const { state } = await jsm.streams.info(stream, { subjects_filter: '>' });
    const stats = async ({ lane, turn }: JobPlace): Promise<LaneStats> => {
      const consumer = await findConsumer(jsm, stream, jobConsumer(queue, lane, turn));
      return {
        lane,
        waiting: consumer?.num_pending ?? state.subjects?.[jobSubject(queue, lane, turn)] ?? 0,
        unacked: consumer?.num_ack_pending ?? 0,
        redelivered: consumer?.num_redelivered ?? 0,
        consumerMissing: consumer === undefined,
      };
    };
    const turns = await Promise.all(jobPlaces(queue).map(stats));
    const lanes = LANES.map((lane) => turns.filter((one) => one.lane === lane).reduce(sum));
    return { queue, lanes, oldestAt: state.messages > 0 ? Date.parse(state.first_ts) : undefined };
  } catch (error) {
    if (apiErrorCode(error) === JS_ERROR.streamNotFound) return undefined;
    throw fromNats(error);
  }
}

function sum(one: LaneStats, other: LaneStats): LaneStats {
  return {
    lane: one.lane,
    waiting: one.waiting + other.waiting,
    unacked: one.unacked + other.unacked,
    redelivered: one.redelivered + other.redelivered,
    consumerMissing: one.consumerMissing || other.consumerMissing,
  };
}
