import type { ConsumerMessages, NatsConnection } from 'nats';
import { EVENTS_STREAM, RESULTS_BUCKET } from '#shared/contracts/subjects';

export interface Audit {
  results: number;
  events: number;
  /** What the server accepted more than once. */
  doubled: string[];
}

/**
 * Follows the results' bucket from its beginning: it keeps the newest entry of a name only, so a second creation leaves no
 * trace there, and leaves one here. Events are all kept, and are counted in the end.
 */
export class CreationAudit {
  readonly #connection: NatsConnection;
  /** Places in the stream, by subject. */
  readonly #results = new Map<string, Set<number>>();
  #messages: ConsumerMessages | undefined;

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  static async start(connection: NatsConnection): Promise<CreationAudit> {
    const audit = new CreationAudit(connection);
    const consumer = await connection
      .jetstream()
      .consumers.get(`OBJ_${RESULTS_BUCKET}`, { filterSubjects: `$O.${RESULTS_BUCKET}.M.>` });
    audit.#messages = await consumer.consume({
      callback: ({ subject, seq }) => {
        const places = audit.#results.get(subject) ?? new Set();
        audit.#results.set(subject, places.add(seq));
      },
    });
    return audit;
  }

  /** To be called before the connection is closed: the client goes on looking for its consumer's heartbeats otherwise. */
  async stop(): Promise<void> {
    await this.#messages?.close();
  }

  async read(): Promise<Audit> {
    const jsm = await this.#connection.jetstreamManager();
    const { state } = await jsm.streams.info(EVENTS_STREAM, { subjects_filter: '>' });
    const events = Object.entries(state.subjects ?? {});
    const doubled = [
      ...[...this.#results].filter(([, places]) => places.size > 1).map(([subject]) => nameOf(subject)),
      ...events.filter(([, count]) => count > 1).map(([subject]) => subject),
    ];
    return { results: this.#results.size, events: events.length, doubled };
  }
}

/** Objects are named in base64. */
const nameOf = (subject: string): string => Buffer.from(subject.split('.').at(-1) ?? '', 'base64url').toString('utf8');
