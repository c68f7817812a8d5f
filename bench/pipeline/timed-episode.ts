import { transcriptKey } from '#shared/contracts/artifact-keys';
import { transcriptSchema } from '#shared/contracts/transcript';
import { readJson } from '#shared/storage/json-blobs';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import type { ServiceStack } from '../../test/support/service-stack.ts';

const MAX_TRANSCRIPT_BYTES = 100_000_000;

export interface TimedEpisode {
  /** From publishing to the complete transcript, in seconds. */
  seconds: number;
  /** From the published chunk jobs to the complete transcript, in seconds. */
  transcribeSeconds: number;
  /** What the engines took for its chunks, one after another, in seconds. */
  engineSeconds: number;
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
      engineSeconds: await engineSeconds(stack, request.id),
      state,
    };
  }
  throw new Error(`Episode ${request.id} had no transcript within ${limitMs / 1000} s.`);
}

async function engineSeconds({ client }: ServiceStack, episodeId: string): Promise<number> {
  const transcript = await readJson(
    client.results,
    transcriptKey(episodeId, 'json'),
    transcriptSchema,
    MAX_TRANSCRIPT_BYTES,
  );
  if (transcript === undefined) throw new Error(`Episode ${episodeId} has no transcript.`);
  return transcript.figures.workSeconds;
}
