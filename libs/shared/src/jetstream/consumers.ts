import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JetStreamManager, nanos } from 'nats';
import { LANES, type Lane, type Queue } from '#shared/contracts/names';
import { jobConsumer, jobStream, jobSubject } from '#shared/contracts/subjects';
import { apiErrorCode, JS_ERROR } from './nats-errors.ts';

export interface ConsumerSettings {
  queue: Queue;
  /** Milliseconds without a sign of life after which a job is given to another replica. */
  ackWaitMs: number;
  /** Jobs of one lane at work in the whole cluster. */
  maxAckPending: number;
}

/**
 * The durable consumer of one lane. No `backoff`: it would replace ack_wait and be ignored by `nak`. No
 * `inactive_threshold`: it deletes the durable of an idle queue. No `max_deliver`: podline counts and dead-letters.
 */
function consumerSpec(settings: ConsumerSettings, lane: Lane): Partial<ConsumerConfig> {
  return {
    durable_name: jobConsumer(settings.queue, lane),
    filter_subject: jobSubject(settings.queue, lane),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(settings.ackWaitMs),
    max_deliver: -1,
    max_ack_pending: settings.maxAckPending,
  };
}

/** Creates or updates the consumers of a queue, one a lane; changed settings take effect on existing ones. */
export async function ensureConsumers(jsm: JetStreamManager, settings: ConsumerSettings): Promise<void> {
  for (const lane of LANES) {
    const spec = consumerSpec(settings, lane);
    const stream = jobStream(settings.queue);
    const name = jobConsumer(settings.queue, lane);
    if (await exists(jsm, stream, name)) await jsm.consumers.update(stream, name, spec);
    else await jsm.consumers.add(stream, spec);
  }
}

async function exists(jsm: JetStreamManager, stream: string, name: string): Promise<boolean> {
  try {
    await jsm.consumers.info(stream, name);
    return true;
  } catch (error) {
    if (apiErrorCode(error) === JS_ERROR.consumerNotFound) return false;
    throw error;
  }
}
