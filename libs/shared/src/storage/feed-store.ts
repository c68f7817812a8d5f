import type { KvEntry, NatsConnection } from 'nats';
import { type Feed, feedSchema } from '#shared/contracts/feed';
import { FEEDS_BUCKET } from '#shared/contracts/subjects';
import { RetryableError } from '#shared/errors';
import { fromNats, isConflict } from '#shared/jetstream/nats-errors';
import { BoundBucket } from './bound-bucket.ts';

/** Compare-and-set rounds before a writer gives up for now. */
const MAX_ROUNDS = 20;

/**
 * The feeds podline follows, in a KV bucket: `feed.<id>` is the feed, `marks.<id>` the items seen in it, `audio.<hash>` the
 * episode that was published for an audio, whichever feed it came from.
 */
export class FeedStore {
  readonly #connection: NatsConnection;
  readonly #bucket: BoundBucket;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    this.#bucket = new BoundBucket(connection, FEEDS_BUCKET);
  }

  async get(feedId: string): Promise<Feed | undefined> {
    return decode(await this.#read(`feed.${feedId}`));
  }

  /** All feeds, those added first in front. */
  async list(): Promise<Feed[]> {
    const feeds: Feed[] = [];
    for (const key of await this.#keys('feed.*')) {
      const feed = decode(await this.#read(key));
      if (feed !== undefined) feeds.push(feed);
    }
    return feeds.toSorted((a, b) => a.added.localeCompare(b.added) || a.feedId.localeCompare(b.feedId));
  }

  /**
   * Changes a feed: `change` gets it as it stands (undefined where there is none) and returns the new one, or undefined to
   * leave it. It may run several times, so it must be pure.
   * @returns the feed as it stands afterwards.
   */
  async update(feedId: string, change: (feed: Feed | undefined) => Feed | undefined): Promise<Feed | undefined> {
    const key = `feed.${feedId}`;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const entry = await this.#read(key);
      const feed = decode(entry);
      const next = change(feed);
      if (next === undefined) return feed;
      if (await this.#write(key, JSON.stringify(feedSchema.parse(next)), entry?.revision ?? 0)) return next;
    }
    throw new RetryableError('state-contended', `Feed ${feedId} changed ${MAX_ROUNDS} times meanwhile.`);
  }

  /** Forgets a feed and what was seen in it; its episodes stay. @returns whether there was one. */
  async delete(feedId: string): Promise<boolean> {
    const known = (await this.get(feedId)) !== undefined;
    try {
      const bucket = await this.#bucket.open();
      await bucket.delete(`feed.${feedId}`);
      await bucket.delete(`marks.${feedId}`);
    } catch (error) {
      throw fromNats(error);
    }
    return known;
  }

  /** The items seen in a feed, as `KnownItems` writes them. */
  async marks(feedId: string): Promise<string> {
    return textOf(await this.#read(`marks.${feedId}`)) ?? '';
  }

  async saveMarks(feedId: string, marks: string): Promise<void> {
    try {
      await (await this.#bucket.open()).put(`marks.${feedId}`, marks);
    } catch (error) {
      throw fromNats(error);
    }
  }

  /** Says that this episode is the one of an audio. @returns whose it is: another's, where that was first. */
  async claimAudio(audioKey: string, episodeId: string): Promise<string> {
    const key = `audio.${audioKey}`;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const entry = await this.#read(key);
      const owner = textOf(entry);
      if (owner !== undefined) return owner;
      if (await this.#write(key, episodeId, entry?.revision ?? 0)) return episodeId;
    }
    throw new RetryableError(
      'state-contended',
      `The owner of audio ${audioKey} changed ${MAX_ROUNDS} times meanwhile.`,
    );
  }

  /** The episode that was published for an audio. */
  async audioOwner(audioKey: string): Promise<string | undefined> {
    return textOf(await this.#read(`audio.${audioKey}`));
  }

  /** Asks the stream: the client's own `keys()` ends too early where the server answers fast. */
  async #keys(filter: string): Promise<string[]> {
    const prefix = `$KV.${FEEDS_BUCKET}.`;
    try {
      const jsm = await this.#connection.jetstreamManager({ checkAPI: false });
      const { state } = await jsm.streams.info(`KV_${FEEDS_BUCKET}`, { subjects_filter: `${prefix}${filter}` });
      return Object.keys(state.subjects ?? {}).map((subject) => subject.slice(prefix.length));
    } catch (error) {
      throw fromNats(error);
    }
  }

  async #read(key: string): Promise<KvEntry | undefined> {
    try {
      return (await (await this.#bucket.open()).get(key)) ?? undefined;
    } catch (error) {
      this.#bucket.forget();
      throw fromNats(error);
    }
  }

  async #write(key: string, value: string, revision: number): Promise<boolean> {
    try {
      await (await this.#bucket.open()).put(key, value, { previousSeq: revision });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw fromNats(error);
    }
  }
}

function textOf(entry: KvEntry | undefined): string | undefined {
  return entry?.operation === 'PUT' ? entry.string() : undefined;
}

/** An entry somebody broke by hand counts as none: adding the feed again mends it. */
function decode(entry: KvEntry | undefined): Feed | undefined {
  const text = textOf(entry);
  if (text === undefined) return undefined;
  try {
    return feedSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
