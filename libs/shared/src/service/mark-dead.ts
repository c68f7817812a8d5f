import { summaryKeys, transcriptKey } from '#shared/contracts/artifact-keys';
import type { DeadLetter } from '#shared/contracts/dead-letter';
import type { EpisodeError } from '#shared/contracts/episode-state';
import { failed } from '#shared/contracts/episode-transitions';
import type { PodlineEvent } from '#shared/contracts/events';
import type { JobIdentity } from '#shared/contracts/job-identity';
import type { BlobStore } from '#shared/storage/blob-store';
import { digestAt } from '#shared/storage/digest-at';
import type { Runtime } from './runtime.ts';

/** Tells the episode that one of its jobs died: its state shows the reason, and an event says so. Safe to repeat. */
export async function markDead(
  { episodes, results, publisher, observer }: Pick<Runtime, 'episodes' | 'results' | 'publisher' | 'observer'>,
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
  const complete = letter.queue === 'summarize' && (await isSummarized(identity.episodeId, results));
  // Who is told that an episode has ended has been told so: its old summary stands.
  if (!complete) await publisher.event(event, `${letter.queue}.${streamSequence}`);
  let wasFailed = false;
  const state = await episodes.update(identity.episodeId, (known) => {
    wasFailed = known?.status === 'failed';
    return failed(known, identity.episodeId, error, complete);
  });
  // An episode whose chunks die one by one fails once.
  if (state?.status === 'failed' && !wasFailed) {
    observer.finished(letter.queue === 'download' ? 'rejected' : 'failed', state, letter.at);
  }
}

/** Everything `done` promises is there: the job that died was to make the summary anew. */
async function isSummarized(episodeId: string, results: Pick<BlobStore, 'head'>): Promise<boolean> {
  for (const key of [transcriptKey(episodeId, 'json'), ...summaryKeys(episodeId)])
    if ((await digestAt(results, key)) === undefined) return false;
  return true;
}
