import { type JetStreamManager, NatsError, type StoredMsg } from 'nats';
import type { Queue } from '#shared/contracts/names';
import { type JobPlace, jobStream, jobSubject } from '#shared/contracts/subjects';

/**
 * The messages of one place of a queue, in their order, whoever has been given them: one request each.
 * @param from sequence in the queue's stream.
 */
export async function* storedJobs(
  jsm: JetStreamManager,
  queue: Queue,
  { lane, turn }: JobPlace,
  from: number,
): AsyncGenerator<StoredMsg> {
  const subject = jobSubject(queue, lane, turn);
  try {
    for (let next = from; ;) {
      const query = { seq: next, next_by_subj: subject };
      const message = await jsm.streams.getMessage(jobStream(queue), query);
      yield message;
      next = message.seq + 1;
    }
  } catch (error) {
    if (!isEnd(error)) throw error;
  }
}

/** No further message, or no such stream yet. */
function isEnd(error: unknown): boolean {
  return error instanceof NatsError && (error.api_error?.code === 404 || error.code === '404');
}
