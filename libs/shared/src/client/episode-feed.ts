import type { EpisodeState } from '#shared/contracts/episode-state';
import type { Progress } from '#shared/contracts/events';
import type { NatsConnection } from '#shared/jetstream/connect';
import { onProgress } from '#shared/jetstream/progress';
import type { EpisodeStore } from '#shared/storage/episode-store';

export type EpisodeUpdate =
  | { kind: 'state'; state: EpisodeState }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'gone'; episodeId: string }
  /** Once: all that was stored has been told, what comes now is new. */
  | { kind: 'caught-up' };
export type EpisodeFeed = AsyncIterable<EpisodeUpdate>;

/**
 * The state of an episode (or, with `>`, of all), every change of it, and the progress of its jobs. However many episodes
 * there are, it is one watch of the bucket and one subscription.
 */
export async function* openEpisodeFeed(
  connection: NatsConnection,
  episodes: EpisodeStore,
  episodeId: string,
  signal: AbortSignal,
): EpisodeFeed {
  const updates = new UpdateQueue();
  const unsubscribe = onProgress(connection, episodeId, (progress) => updates.push({ kind: 'progress', progress }));
  const states = followStates(episodes, episodeId, signal, updates);
  try {
    yield* updates;
    await states;
  } finally {
    unsubscribe();
  }
}

async function followStates(
  episodes: EpisodeStore,
  episodeId: string,
  signal: AbortSignal,
  updates: UpdateQueue,
): Promise<void> {
  let caughtUp = false;
  const tellOnce = (): void => {
    if (!caughtUp) updates.push({ kind: 'caught-up' });
    caughtUp = true;
  };
  try {
    if (await episodes.isEmpty()) tellOnce();
    for await (const { episodeId: id, state, behind } of episodes.follow(signal, episodeId)) {
      updates.push(state === undefined ? { kind: 'gone', episodeId: id } : { kind: 'state', state });
      if (behind === 0) tellOnce();
    }
  } finally {
    updates.end();
  }
}

/** What came and was not yet taken, in order; ends when the states end. */
class UpdateQueue {
  readonly #waiting: EpisodeUpdate[] = [];
  #changed = Promise.withResolvers<void>();
  #ended = false;

  push(update: EpisodeUpdate): void {
    this.#waiting.push(update);
    this.#changed.resolve();
  }

  end(): void {
    this.#ended = true;
    this.#changed.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EpisodeUpdate, void> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#ended) return;
      else {
        await this.#changed.promise;
        this.#changed = Promise.withResolvers<void>();
        if (this.#ended) this.#changed.resolve();
      }
    }
  }
}
