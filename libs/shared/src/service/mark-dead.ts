import type { DeadLetter } from '#shared/contracts/dead-letter';
import type { EpisodeError } from '#shared/contracts/episode-state';
import { failed } from '#shared/contracts/episode-transitions';
import type { PodlineEvent } from '#shared/contracts/events';
import type { JobIdentity } from '#shared/contracts/job-identity';
import type { Publisher } from '#shared/jetstream/publish';
import type { EpisodeStore } from '#shared/storage/episode-store';

/** Tells the episode that one of its jobs died: its state shows the reason, and an event says so. Safe to repeat. */
export async function markDead(
  episodes: EpisodeStore,
  publisher: Publisher,
  letter: DeadLetter,
  identity: JobIdentity,
  streamSequence: number,
): Promise<void> {
  const error: EpisodeError = {
    queue: letter.queue,
    reason: letter.reason,
    message: letter.message,
    ...(identity.chunk === undefined ? {} : { chunk: identity.chunk }),
    at: letter.at,
  };
  const event: PodlineEvent = {
    v: 1,
    episodeId: identity.episodeId,
    type: 'failed',
    at: letter.at,
    ...(identity.chunk === undefined ? {} : { chunk: identity.chunk }),
    reason: letter.reason,
    message: letter.message,
  };
  await publisher.event(event, `${letter.queue}.${streamSequence}`);
  await episodes.update(identity.episodeId, (state) => failed(state, identity.episodeId, error));
}
