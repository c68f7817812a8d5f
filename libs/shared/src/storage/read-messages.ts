import { AckPolicy, type ConsumerConfig, DeliverPolicy, type NatsConnection, nanos } from 'nats';
import { fromNats } from '#shared/jetstream/nats-errors';
import { type PulledConsumer, type PullLimits, PullWindow, type StreamMessage } from './pull-window.ts';
import { unavailable } from './storage-errors.ts';

/** Milliseconds after which the server drops the consumer of a reader that was killed or takes no more. */
const CONSUMER_IDLE_MS = 60_000;

export interface ReadRequest extends PullLimits {
  stream: string;
  subject: string;
  /** Messages from this sequence on; all where unset. */
  fromSeq?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * The messages on one subject to its present end, in order and in bounded memory. Not for wildcards: `subjectPages` says
 * why.
 * @throws RetryableError `nats-unavailable` when the connection breaks, the server stalls, or the consumer goes.
 */
export async function* readMessages(connection: NatsConnection, request: ReadRequest): AsyncGenerator<StreamMessage> {
  const { stream, stallMs } = request;
  let { fromSeq } = request;
  let lastProgress = Date.now();
  for (;;) {
    const consumer = await addConsumer(connection, { ...request, fromSeq });
    // A new consumer counts anew, which is the one reliable sign of the end.
    if (consumer.pending === 0) return;
    const window = new PullWindow(connection, consumer, request, request.signal);
    try {
      for (let message = await window.next(); message !== undefined; message = await window.next()) {
        fromSeq = message.seq + 1;
        yield message;
        lastProgress = Date.now();
      }
    } finally {
      window.close();
      consumer.remove();
    }
    if (Date.now() - lastProgress > stallMs)
      throw unavailable(`NATS sent nothing of ${stream} for ${stallMs / 1000} s.`);
  }
}

async function addConsumer(connection: NatsConnection, request: ReadRequest): Promise<PulledConsumer & Removable> {
  const { stream } = request;
  try {
    const { consumers } = await connection.jetstreamManager({ checkAPI: false });
    const { name, num_pending: pending } = await consumers.add(stream, consumerConfig(request));
    // Not awaited, and no harm if it fails: an idle consumer goes by itself.
    const remove = () => void consumers.delete(stream, name).catch(() => undefined);
    if (pending === 0) remove();
    return { stream, name, pending, remove };
  } catch (error) {
    throw fromNats(error);
  }
}

interface Removable {
  remove: () => void;
}

function consumerConfig({ subject, fromSeq }: ReadRequest): Partial<ConsumerConfig> {
  const start =
    fromSeq === undefined
      ? { deliver_policy: DeliverPolicy.All }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: fromSeq };
  return {
    filter_subject: subject,
    ...start,
    ack_policy: AckPolicy.None,
    inactive_threshold: nanos(CONSUMER_IDLE_MS),
    mem_storage: true,
    num_replicas: 1,
  };
}
