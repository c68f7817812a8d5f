import type { EpisodeState } from '#shared/contracts/episode-state';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import type { ServiceStack } from '../../test/support/service-stack.ts';

export interface TimedEpisode {
  /** From publishing to the complete transcript, in seconds. */
  seconds: number;
  /** From the published chunk jobs to the complete transcript, in seconds. */
  transcribeSeconds: number;
  state: EpisodeState;
}

/** Publishes an episode and waits for its transcript. @throws Error when it fails. */
export async function timedEpisode(
  stack: ServiceStack,
  request: Partial<EpisodeRequest> & { id: string; url: string },
  limitMs: number,
): Promise<TimedEpisode> {
  const published = performance.timeOrigin + performance.now();
  await publishEpisode(stack.client, request);
  for await (const state of stack.client.episodes.watch(request.id, AbortSignal.timeout(limitMs))) {
    if (state.status === 'failed') throw new Error(`Episode ${request.id} failed: ${JSON.stringify(state.errors)}`);
    const { downloaded, transcribed } = state.at;
    if (downloaded === undefined || transcribed === undefined) continue;
    return {
      seconds: (Date.parse(transcribed) - published) / 1000,
      transcribeSeconds: (Date.parse(transcribed) - Date.parse(downloaded)) / 1000,
      state,
    };
  }
  throw new Error(`Episode ${request.id} had no transcript within ${limitMs / 1000} s.`);
}
