import { randomUUID } from 'node:crypto';
import { summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { resummarizing } from '#shared/contracts/episode-transitions';
import type { SummarizeJob } from '#shared/contracts/jobs';
import type { SummaryProviderName } from '#shared/contracts/names';
import { turnOfEpisode } from '#shared/contracts/turn';
import { PermanentError } from '#shared/errors';
import { digestAt } from '#shared/storage/digest-at';
import type { Client } from './open-client.ts';

export interface SummaryWish {
  provider: SummaryProviderName;
  model?: string | undefined;
  sentences?: number | undefined;
}

/**
 * Has an episode summarized anew from the transcript it has; nothing is transcribed again. The old summary stands until
 * the new one is there, and where that fails; the episode is `summarizing` meanwhile.
 * @throws PermanentError `no-transcript` when there is none yet.
 */
export async function resummarizeEpisode(client: Client, state: EpisodeState, wish: SummaryWish): Promise<void> {
  const { episodeId, lane } = state;
  if ((await client.results.head(transcriptKey(episodeId, 'json'))) === undefined) {
    throw new PermanentError('no-transcript', `Episode ${episodeId} has no transcript yet: it is ${state.status}.`);
  }
  const standing = await digestAt(client.results, summaryKey(episodeId, 'json'));
  // The state first: an episode that is `summarizing` is repaired by `podline resume`, whatever happens next.
  const now = new Date().toISOString();
  await client.episodes.update(episodeId, (known) => known && resummarizing(known, now));
  const { provider, model, sentences } = wish;
  const job: SummarizeJob = {
    v: 1,
    episodeId,
    lane,
    provider,
    ...(model === undefined ? {} : { model }),
    ...(sentences === undefined ? {} : { sentences }),
    ...(standing === undefined ? {} : { replaces: standing }),
  };
  const turn = turnOfEpisode(state, state.seconds, Date.now());
  await client.publisher.job('summarize', job, { lane, turn, episodeId, messageId: `resummarize:${randomUUID()}` });
}
