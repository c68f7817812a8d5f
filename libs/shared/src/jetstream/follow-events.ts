import { AckPolicy, DeliverPolicy, type JetStreamManager, type JsMsg, type NatsConnection, nanos } from 'nats';
import { DEFAULTS, SECOND } from '#shared/config/defaults';
import { type EventType, eventSchema, type PodlineEvent } from '#shared/contracts/events';
import { EVENTS_STREAM, EVENTS_SUBJECTS, eventTypeOf } from '#shared/contracts/subjects';
import { asError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import { ackConfirmed } from './ack-confirmed.ts';
import { Doorbell } from './doorbell.ts';
import { JobSlots } from './job-slots.ts';
import { findConsumer } from './find-consumer.ts';
import { isTimeout } from './nats-errors.ts';
import { inTraceOf } from './trace-headers.ts';
import { pullNow } from './pull-jobs.ts';

/** Events handled at once. */
const SLOTS = 4;
const ACK_WAIT_MS = 30 * SECOND;
/** How long an event that could not be handled rests, and a follower that can't reach its consumer. */
const RETRY_MS = 2 * SECOND;
const PULL_TIMEOUT_MS = 2 * SECOND;

export interface FollowOptions {
  connection: NatsConnection;
  /** Names the durable consumer: followers with the same one share the events, and none is forgotten while nobody runs. */
  durable: string;
  types: readonly EventType[];
  /** Must be idempotent: what throws is told again after a moment, as often as it takes. */
  handle: (event: PodlineEvent, message: JsMsg) => Promise<void>;
  /** Makes streams anew, should somebody have deleted them. */
  ensureTopology: () => Promise<void>;
  log: Log;
}

export interface EventFollower {
  ready: () => boolean;
  /** Resolves when the last event is settled. */
  stop: () => Promise<void>;
}

/** Hands every event of these types to the handler, at least once, from the oldest that is kept on. */
export async function followEvents(options: FollowOptions): Promise<EventFollower> {
  const { connection, durable, log } = options;
  const js = connection.jetstream({ timeout: PULL_TIMEOUT_MS });
  const doorbell = new Doorbell();
  let ready = true;
  await ensureFollower(await connection.jetstreamManager(), durable);
  const slots = new JobSlots<JsMsg>({
    slots: SLOTS,
    doorbell,
    idlePollMs: DEFAULTS.jobs.idlePollMs,
    pull: () => pullNow(js, EVENTS_STREAM, durable),
    run: (message) => tell(message, options),
    giveBack: (message) => message.nak(),
    recover: async (error) => {
      if (isTimeout(error) && ready) return;
      ready = false;
      log.warn({ durable, err: asError(error).message }, 'Could not ask for events; trying again');
      await doorbell.wait(RETRY_MS);
      ready = await makeAnew(options);
    },
  });
  const bell = connection.subscribe(EVENTS_SUBJECTS, { callback: () => doorbell.ring() });
  slots.start();
  return {
    ready: () => ready,
    stop: async () => {
      await slots.drain();
      bell.unsubscribe();
    },
  };
}

/** Never throws: what can't be settled now comes again. */
async function tell(message: JsMsg, { connection, types, handle, log }: FollowOptions): Promise<void> {
  try {
    const event = wanted(message, types);
    if (event !== undefined) await inTraceOf(message, () => handle(event, message));
    await ackConfirmed(connection, message);
  } catch (error) {
    log.warn({ subject: message.subject, err: asError(error).message }, 'Could not handle an event; trying again');
    message.nak(RETRY_MS);
  }
}

/** The event, when it is one and asked for. Anybody may publish under the subject; what is no event is passed over. */
function wanted(message: JsMsg, types: readonly EventType[]): PodlineEvent | undefined {
  if (!types.some((type) => type === eventTypeOf(message.subject))) return undefined;
  try {
    return eventSchema.safeParse(message.json()).data;
  } catch {
    return undefined;
  }
}

async function makeAnew({ connection, durable, ensureTopology, log }: FollowOptions): Promise<boolean> {
  try {
    await ensureTopology();
    await ensureFollower(await connection.jetstreamManager(), durable);
    return true;
  } catch (error) {
    log.warn({ durable, err: asError(error).message }, 'Could not prepare the events; trying again');
    return false;
  }
}

async function ensureFollower(jsm: JetStreamManager, durable: string): Promise<void> {
  if (await findConsumer(jsm, EVENTS_STREAM, durable)) return;
  await jsm.consumers.add(EVENTS_STREAM, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
  });
}
