import { type KV, type KvEntry, NatsError } from 'nats';
import { isConflict } from '#shared/jetstream/nats-errors';
import type { TimeSample } from './server-clock.ts';

export type EndpointKeyName = 'limits' | 'state';

/** A key as it stands in the bucket; `value` is undefined where it was deleted or never written. */
export interface StoredValue {
  value: string | undefined;
  /** 0 where it was never written. */
  revision: number;
}

export type SwapResult =
  | { kind: 'stored'; revision: number }
  /** Somebody else was faster; nothing was stored. */
  | { kind: 'conflict' }
  /** No answer, or none that says what happened: it may have been stored, now or later. */
  | { kind: 'unknown'; error: unknown };

/** Keys the clock uses, so that replicas that come and go leave nothing behind that grows. */
const CLOCK_KEYS = 64;

/** The keys of one endpoint in the bucket. Knows NATS, and nothing of limits. */
export class EndpointStore {
  readonly #bucket: KV;
  readonly #endpoint: string;
  readonly #clockKey: string;

  constructor(bucket: KV, endpoint: string, random: () => number = Math.random) {
    this.#bucket = bucket;
    this.#endpoint = endpoint;
    this.#clockKey = `clock.${Math.floor(random() * CLOCK_KEYS)}`;
  }

  /** As the leader of the stream knows it. @throws NatsError when it can't be asked. */
  async read(name: EndpointKeyName): Promise<StoredValue> {
    const entry = await this.#bucket.get(`${this.#endpoint}.${name}`);
    return entry ? storedValue(entry) : { value: undefined, revision: 0 };
  }

  /** Writes if the key is still at `revision`; 0 where it must not exist. */
  async swap(name: EndpointKeyName, value: string, revision: number): Promise<SwapResult> {
    try {
      const stored = await this.#bucket.put(`${this.#endpoint}.${name}`, value, { previousSeq: revision });
      return { kind: 'stored', revision: stored };
    } catch (error) {
      return isConflict(error) ? { kind: 'conflict' } : { kind: 'unknown', error };
    }
  }

  /** Calls back with every change of either key, first with how they stand; ends when the signal aborts or NATS fails. */
  async watch(onChange: (name: EndpointKeyName, stored: StoredValue) => void, signal: AbortSignal): Promise<void> {
    const entries = await this.#bucket.watch({ key: `${this.#endpoint}.*` });
    const stop = (): void => entries.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const entry of entries) {
        const name = entry.key.slice(this.#endpoint.length + 1);
        if (name === 'limits' || name === 'state') onChange(name, storedValue(entry));
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /**
   * Has the server date a message.
   * @param monotonic the clock the sample is for.
   * @returns undefined where another replica wrote over it before it could be read.
   */
  async sampleTime(monotonic: () => number): Promise<TimeSample | undefined> {
    const sentAt = monotonic();
    const revision = await this.#bucket.put(this.#clockKey, '');
    const receivedAt = monotonic();
    const entry = await this.#bucket.get(this.#clockKey, { revision }).catch(notThere);
    return entry ? { sentAt, receivedAt, created: entry.created.getTime() } : undefined;
  }
}

function storedValue(entry: KvEntry): StoredValue {
  return { value: entry.operation === 'PUT' ? entry.string() : undefined, revision: entry.revision };
}

function notThere(error: unknown): null {
  if (error instanceof NatsError && error.code === '404') return null;
  throw error;
}
