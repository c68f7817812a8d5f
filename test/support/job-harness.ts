import type { NatsConnection } from 'nats';
import { type DeadLetter, deadLetterSchema } from '#shared/contracts/dead-letter';
import type { JobIdentity } from '#shared/contracts/job-identity';
import type { Lane } from '#shared/contracts/names';
import { DEAD_LETTERS_STREAM, jobStream, jobSubject } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { ConnectionMonitor } from '#shared/jetstream/connection-monitor';
import type { JobContext } from '#shared/jetstream/job-context';
import { JobServer, type JobServerOptions } from '#shared/jetstream/job-server';
import { Publisher } from '#shared/jetstream/publish';
import { ensureStreams } from '#shared/jetstream/streams';
import { SILENT } from '#shared/observability/log';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';

export type TestHandler = (data: Uint8Array, context: JobContext) => Promise<void>;

/** One replica of a stage in this process, over a real server, with settings short enough for tests. */
export interface Replica {
  server: JobServer;
  connection: NatsConnection;
  dead: { letter: DeadLetter; identity: JobIdentity }[];
  stop: () => Promise<void>;
}

export const QUEUE = 'summarize';
export const STREAM = jobStream(QUEUE);
const streamSettings = streamConfigSchema.parse({});

/** @param meanwhile what happens when the streams are there and the server has not looked yet. */
export async function startReplica(
  natsUrl: string,
  handler: TestHandler,
  options: Partial<JobServerOptions> = {},
  meanwhile?: () => Promise<unknown>,
): Promise<Replica> {
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: natsUrl }), 'test');
  const ensureTopology = async (): Promise<void> => ensureStreams(await connection.jetstreamManager(), streamSettings);
  await ensureTopology();
  await meanwhile?.();
  const dead: Replica['dead'] = [];
  const server = new JobServer({
    queue: QUEUE,
    slots: 1,
    maxAckPending: 100,
    ceilingMs: 60_000,
    connection,
    monitor: new ConnectionMonitor(connection),
    publisher: new Publisher(connection.jetstream()),
    log: SILENT,
    ackWaitMs: 2000,
    graceMs: 5000,
    idlePollMs: 50,
    maxCrashes: 50,
    policy: { maxDeliveries: 3, baseMs: 1, capMs: 1 },
    onDead: async (letter, identity) => void dead.push({ letter, identity }),
    ensureTopology,
    ...options,
  });
  server.addHandler(
    options.queue ?? QUEUE,
    (data: Uint8Array, context: JobContext) => handler(data, context) as never,
    true,
  );
  const failure = Promise.withResolvers<void>();
  await server.listen((error) => (error ? failure.reject(error) : failure.resolve()));
  await failure.promise;
  return {
    server,
    connection,
    dead,
    stop: async () => {
      await server.close();
      await connection.close();
    },
  };
}

export async function publishJob(connection: NatsConnection, body: unknown, lane: Lane = 'normal'): Promise<void> {
  const data = typeof body === 'string' ? body : JSON.stringify(body);
  await connection.jetstream().publish(jobSubject(QUEUE, lane), data);
}

/** Messages still in the queue. */
export async function queued(connection: NatsConnection): Promise<number> {
  return (await (await connection.jetstreamManager()).streams.info(STREAM)).state.messages;
}

/** The letters in the dead-letter stream. */
export async function deadLetters(connection: NatsConnection): Promise<DeadLetter[]> {
  const { streams } = await connection.jetstreamManager();
  const { first_seq: first, last_seq: last } = (await streams.info(DEAD_LETTERS_STREAM)).state;
  const letters: DeadLetter[] = [];
  for (let seq = Math.max(1, first); seq <= last; seq++) {
    letters.push(deadLetterSchema.parse((await streams.getMessage(DEAD_LETTERS_STREAM, { seq })).json()));
  }
  return letters;
}
