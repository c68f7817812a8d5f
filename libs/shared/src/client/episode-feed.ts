import type { NatsConnection } from 'nats';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { type Progress, progressSchema } from '#shared/contracts/events';
import { progressSubject } from '#shared/contracts/subjects';
import type { EpisodeStore } from '#shared/storage/episode-store';

export type EpisodeUpdate = { kind: 'state'; state: EpisodeState } | { kind: 'progress'; progress: Progress };
export type EpisodeFeed = AsyncIterable<EpisodeUpdate>;

/** The state of an episode (or, with `>`, of all), every change of it, and the progress of its jobs. */
export async function* openEpisodeFeed(
  connection: NatsConnection,
  episodes: EpisodeStore,
  episodeId: string,
  signal: AbortSignal,
): EpisodeFeed {
  const queue: EpisodeUpdate[] = [];
  let wake = Promise.withResolvers<void>();
  let failure: unknown;
  const push = (update: EpisodeUpdate): void => {
    queue.push(update);
    wake.resolve();
  };
  const subscription = connection.subscribe(progressSubject(episodeId), {
    callback: (_error, message) => {
      const progress = progressSchema.safeParse(safeJson(message.data));
      if (progress.success) push({ kind: 'progress', progress: progress.data });
    },
  });
  const states = (async () => {
    for await (const state of episodes.watch(episodeId, signal)) push({ kind: 'state', state });
  })();
  states.catch((error: unknown) => (failure = error)).finally(() => wake.resolve());
  signal.addEventListener('abort', () => wake.resolve(), { once: true });
  try {
    while (!signal.aborted && failure === undefined) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      while (queue.length > 0) yield queue.shift() as EpisodeUpdate;
    }
    if (failure !== undefined) throw failure;
  } finally {
    subscription.unsubscribe();
  }
}

function safeJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return undefined;
  }
}
