import { type KvEntry, type NatsConnection, NatsError } from 'nats';
import { episodeIdSchema } from '#shared/contracts/episode-id';
import { type EpisodeState, episodeStateSchema } from '#shared/contracts/episode-state';
import { EPISODES_BUCKET } from '#shared/contracts/subjects';
import { RetryableError } from '#shared/errors';
import { fromNats, isConflict } from '#shared/jetstream/nats-errors';
import { BoundBucket } from './bound-bucket.ts';

/** Compare-and-set rounds before a writer gives up for now; each lost round means another writer got through. */
const MAX_ROUNDS = 50;

export interface EpisodeChange {
  episodeId: string;
  /** undefined where it was deleted, or is nothing podline can read. */
  state: EpisodeState | undefined;
  /** Entries that were stored already and come after this one; 0 from the newest on. */
  behind: number;
}

/**
 * The states of all episodes, in a KV bucket. Every change is a compare-and-set of one small entry, so any number of
 * replicas may report at once and exactly one of them sees itself complete an episode.
 */
export class EpisodeStore {
  readonly #bucket: BoundBucket;

  constructor(connection: NatsConnection) {
    this.#bucket = new BoundBucket(connection, EPISODES_BUCKET);
  }

  /** @param episodeId a text that can't be the id of an episode is that of none. */
  async get(episodeId: string): Promise<EpisodeState | undefined> {
    if (!episodeIdSchema.safeParse(episodeId).success) return undefined;
    return (await this.#read(episodeId))?.state;
  }

  /**
   * Changes an episode's state: `change` gets the newest state (undefined when there is none) and returns the new one,
   * or undefined to leave it. It may run several times, so it must be pure.
   * @returns the state as it stands afterwards.
   */
  async update(
    episodeId: string,
    change: (state: EpisodeState | undefined) => EpisodeState | undefined,
  ): Promise<EpisodeState | undefined> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const current = await this.#read(episodeId);
      const next = change(current?.state);
      if (next === undefined) return current?.state;
      if (await this.#write(episodeId, next, current?.revision ?? 0)) return next;
    }
    throw new RetryableError(
      'state-contended',
      `Episode ${episodeId}: its state changed ${MAX_ROUNDS} times meanwhile.`,
    );
  }

  async isEmpty(): Promise<boolean> {
    return (await (await this.#bucket.open()).status()).values === 0;
  }

  /** All episodes, in no particular order. */
  async *list(): AsyncIterable<EpisodeState> {
    const bucket = await this.#bucket.open();
    // Deletions too: the newest entry may be one, and only it tells that it is the last.
    const entries = await bucket.watch();
    try {
      if ((await bucket.status()).values === 0) return;
      for await (const entry of entries) {
        const state = decode(entry);
        if (state) yield state;
        if (entry.delta === 0) return;
      }
    } finally {
      entries.stop();
    }
  }

  /** The state now and after every change, until the signal aborts. */
  async *watch(key: string, signal: AbortSignal): AsyncIterable<EpisodeState> {
    const bucket = await this.#bucket.open();
    const entries = await bucket.watch({ key, ignoreDeletes: true });
    const stop = (): void => entries.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    for await (const entry of entries) {
      const state = decode(entry);
      if (state) yield state;
    }
    signal.removeEventListener('abort', stop);
  }

  /** Every episode (or this one) as it stands, then every change, until the signal aborts or the connection ends. */
  async *follow(signal: AbortSignal, key = '>'): AsyncIterable<EpisodeChange> {
    const bucket = await this.#bucket.open();
    const entries = await bucket.watch({ key });
    const stop = (): void => entries.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const entry of entries) {
        yield { episodeId: entry.key, state: decode(entry), behind: entry.delta ?? 0 };
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  async #read(episodeId: string): Promise<{ state: EpisodeState | undefined; revision: number } | undefined> {
    try {
      const entry = await (await this.#bucket.open()).get(episodeId);
      return entry ? { state: decode(entry), revision: entry.revision } : undefined;
    } catch (error) {
      this.#bucket.forget();
      throw fromNats(error);
    }
  }

  async #write(episodeId: string, state: EpisodeState, revision: number): Promise<boolean> {
    try {
      await (await this.#bucket.open()).put(episodeId, JSON.stringify(state), { previousSeq: revision });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw fromNats(error);
    }
  }
}

/** A deleted or unreadable entry counts as no state: it is written anew by the next change. */
function decode(entry: KvEntry): EpisodeState | undefined {
  if (entry.operation !== 'PUT') return undefined;
  try {
    return episodeStateSchema.parse(JSON.parse(entry.string()));
  } catch (error) {
    if (error instanceof NatsError) throw error;
    return undefined;
  }
}
