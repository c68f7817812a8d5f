import { AckPolicy, type ConsumerConfig, DeliverPolicy, type JetStreamManager, nanos } from 'nats';
import type { Queue } from '#shared/contracts/names';
import { jobConsumer, type JobPlace, jobPlaces, jobStream, jobSubject } from '#shared/contracts/subjects';
import { findConsumer } from './find-consumer.ts';

export interface ConsumerSettings {
  queue: Queue;
  /** Milliseconds without a sign of life after which a job is given to another replica. */
  ackWaitMs: number;
  /** Jobs of one turn of one lane at work in the whole cluster. */
  maxAckPending: number;
}

/**
 * The durable consumer of one place. No `backoff`: it would replace ack_wait and be ignored by `nak`. No
 * `inactive_threshold`: it deletes the durable of an idle queue. No `max_deliver`: podline counts and dead-letters.
 */
function consumerSpec(settings: ConsumerSettings, { lane, turn }: JobPlace): Partial<ConsumerConfig> {
  return {
    durable_name: jobConsumer(settings.queue, lane, turn),
    filter_subject: jobSubject(settings.queue, lane, turn),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(settings.ackWaitMs),
    max_deliver: -1,
    max_ack_pending: settings.maxAckPending,
  };
}

/** Creates or updates the consumers of a queue, one a place; changed settings take effect on existing ones. */
export async function ensureConsumers(jsm: JetStreamManager, settings: ConsumerSettings): Promise<void> {
  const stream = jobStream(settings.queue);
  const ensure = async (place: JobPlace): Promise<void> => {
    const spec = consumerSpec(settings, place);
    const name = jobConsumer(settings.queue, place.lane, place.turn);
    if (await findConsumer(jsm, stream, name)) await jsm.consumers.update(stream, name, spec);
    else await jsm.consumers.add(stream, spec);
  };
  await Promise.all(jobPlaces(settings.queue).map(ensure));
}
