import type { JetStreamClient, JsMsg } from 'nats';
import { LANES, type Lane, type Queue } from '#shared/contracts/names';
import { jobConsumer, jobStream } from '#shared/contracts/subjects';
import { statusCode } from './nats-errors.ts';

export interface PulledJob {
  message: JsMsg;
  lane: Lane;
}

/**
 * Takes the most urgent waiting job, if there is one: asks lane after lane without waiting. Nothing is buffered and no
 * pull stays open, so an idle replica never waits behind a busy one, and a frozen one swallows nothing.
 * @throws NatsError 503 or 409 when a consumer is gone: make it anew.
 */
export async function pullMostUrgent(js: JetStreamClient, queue: Queue): Promise<PulledJob | undefined> {
  for (const lane of LANES) {
    const message = await pullNow(js, jobStream(queue), jobConsumer(queue, lane));
    if (message) return { message, lane };
  }
  return undefined;
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
