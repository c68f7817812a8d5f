import type { NatsConnection } from 'nats';
import { type Progress, progressSchema } from '#shared/contracts/events';
import { progressSubject } from '#shared/contracts/subjects';

/** Least time between two reports of one episode's stage, in milliseconds. */
const INTERVAL_MS = 250;

/** Tells the world how far a job is: plain messages nobody waits for, a few a second. */
export class ProgressReporter {
  readonly #connection: NatsConnection;
  readonly #last = new Map<string, number>();

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** Drops what comes too fast, except the start and the end. Never throws: progress is not worth a job. */
  report(progress: Progress): void {
    const key = `${progress.episodeId}.${progress.stage}.${progress.chunk ?? ''}`;
    const now = performance.now();
    const ends = progress.done === 0 || progress.done === progress.total;
    if (!ends && now - (this.#last.get(key) ?? -INTERVAL_MS) < INTERVAL_MS) return;
    if (progress.done === progress.total) this.#last.delete(key);
    else this.#last.set(key, now);
    if (this.#last.size > 1000) this.#last.clear();
    try {
      this.#connection.publish(progressSubject(progress.episodeId), JSON.stringify(progress));
    } catch {
      // The connection is closing.
    }
  }
}

/** Calls back for every report of this episode (or, with `>`, of all); what is malformed is ignored. @returns how to stop. */
export function onProgress(
  connection: NatsConnection,
  episodeId: string,
  callback: (progress: Progress) => void,
): () => void {
  const subscription = connection.subscribe(progressSubject(episodeId), {
    callback: (_error, message) => {
      const progress = progressSchema.safeParse(safeJson(message.data));
      if (progress.success) callback(progress.data);
    },
  });
  return () => subscription.unsubscribe();
}

function safeJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
