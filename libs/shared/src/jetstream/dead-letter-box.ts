import { randomUUID } from 'node:crypto';
import { headers as newHeaders, type JetStreamManager, type NatsConnection, NatsError, type StoredMsg } from 'nats';
import { type DeadLetter, deadLetterSchema } from '#shared/contracts/dead-letter';
import { replayed } from '#shared/contracts/episode-transitions';
import { HEADERS } from '#shared/contracts/headers';
import type { Queue } from '#shared/contracts/names';
import { DEAD_LETTERS_STREAM } from '#shared/contracts/subjects';
import { PermanentError } from '#shared/errors';
import { fromNats } from './nats-errors.ts';
import type { EpisodeStore } from '#shared/storage/episode-store';

/** A dead letter and its place in the stream, by which it is named on the command line. */
export interface StoredLetter {
  sequence: number;
  letter: DeadLetter;
}

export interface LetterFilter {
  queue?: Queue | undefined;
  reason?: string | undefined;
  episodeId?: string | undefined;
}

/** The dead letters of the cluster: to look at, to try again, to drop. */
export class DeadLetterBox {
  readonly #connection: NatsConnection;
  readonly #episodes: EpisodeStore;

  constructor(connection: NatsConnection, episodes: EpisodeStore) {
    this.#connection = connection;
    this.#episodes = episodes;
  }

  /** Letters that match, oldest first. */
  async *list(filter: LetterFilter = {}): AsyncIterable<StoredLetter> {
    const jsm = await this.#connection.jetstreamManager();
    const { first_seq: first, last_seq: last } = (await jsm.streams.info(DEAD_LETTERS_STREAM)).state;
    for (let sequence = Math.max(1, first); sequence <= last; sequence++) {
      const stored = await this.#at(jsm, sequence);
      if (stored && matches(stored.letter, filter)) yield stored;
    }
  }

  async get(sequence: number): Promise<StoredLetter | undefined> {
    return this.#at(await this.#connection.jetstreamManager(), sequence);
  }

  /**
   * Publishes the letter's job again, as it was, and drops the letter. Finished work is not redone: the job finds its
   * artifact. The order makes a crash in between a repetition, never a loss.
   * @throws PermanentError `letter-truncated` where only the beginning of the job was kept.
   */
  async replay({ sequence, letter }: StoredLetter): Promise<void> {
    if (letter.original.truncated) {
      throw new PermanentError(
        'letter-truncated',
        `Dead letter ${sequence} holds only the beginning of its message, which was too large. Drop it, and publish the episode again.`,
      );
    }
    const headers = newHeaders();
    for (const [name, values] of Object.entries(letter.original.headers)) {
      if (name !== HEADERS.messageId) for (const value of values) headers.append(name, value);
    }
    if (letter.episodeId !== undefined) {
      await this.#episodes.update(
        letter.episodeId,
        (state) => state && replayed(state, letter, new Date().toISOString()),
      );
    }
    try {
      await this.#connection.jetstream().publish(letter.original.subject, Buffer.from(letter.original.data, 'base64'), {
        headers,
        msgID: `replay:${sequence}:${randomUUID()}`,
      });
    } catch (error) {
      throw fromNats(error);
    }
    await this.drop(sequence);
  }

  async drop(sequence: number): Promise<void> {
    const jsm = await this.#connection.jetstreamManager();
    await jsm.streams.deleteMessage(DEAD_LETTERS_STREAM, sequence, false);
  }

  async #at(jsm: JetStreamManager, sequence: number): Promise<StoredLetter | undefined> {
    let message: StoredMsg;
    try {
      message = await jsm.streams.getMessage(DEAD_LETTERS_STREAM, { seq: sequence });
    } catch (error) {
      // Dropped, or replaced by a newer letter of the same job.
      if (error instanceof NatsError && (error.api_error?.code === 404 || error.code === '404')) return undefined;
      throw fromNats(error);
    }
    const letter = deadLetterSchema.safeParse(safeJson(message));
    return letter.success ? { sequence, letter: letter.data } : undefined;
  }
}

function matches(letter: DeadLetter, filter: LetterFilter): boolean {
  return (
    (filter.queue === undefined || letter.queue === filter.queue) &&
    (filter.reason === undefined || letter.reason === filter.reason) &&
    (filter.episodeId === undefined || letter.episodeId === filter.episodeId)
  );
}

function safeJson(message: StoredMsg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
