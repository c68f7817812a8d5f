import { randomUUID } from 'node:crypto';
import { manifestKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { isFinished } from '#shared/contracts/episode-transitions';
import { manifestSchema } from '#shared/contracts/manifest';
import { turnOfEpisode } from '#shared/contracts/turn';
import { PermanentError } from '#shared/errors';
import { SILENT } from '#shared/observability/log';
import { readOrDrop } from '#shared/storage/read-or-drop';
import type { Stores } from '#shared/transcription/complete-episode';
import { continueEpisode } from '#shared/transcription/continue-episode';
import { MAX_MANIFEST_BYTES } from '#shared/transcription/rebuild-state';

export type Resumption = 'finished' | 'continued' | 'published';

/**
 * Sets an episode going that stands still because its jobs were lost (a purged stream, a deleted message): what is
 * missing is worked out from its state and artifacts, and only that is published. Safe for an episode that is at work:
 * a job whose artifact is there finds it.
 * @throws PermanentError `cannot-resume` when neither the manifest nor the request is known.
 */
export async function resumeEpisode(client: Omit<Stores, 'log'>, state: EpisodeState): Promise<Resumption> {
  if (isFinished(state.status)) return 'finished';
  const { episodeId } = state;
  const round = `resume:${randomUUID()}`;
  const manifest = await readOrDrop(client.results, manifestKey(episodeId), manifestSchema, MAX_MANIFEST_BYTES, SILENT);
  if (manifest && (await continueEpisode(manifest, { ...client, log: SILENT }, round))) return 'continued';
  if (!state.request) {
    throw new PermanentError(
      'cannot-resume',
      `Episode ${episodeId} has no valid request. Publish it again, corrected.`,
    );
  }
  const job = { ...state.request, id: episodeId };
  const turn = turnOfEpisode(state, state.seconds, Date.now());
  await client.publisher.job('download', job, {
    lane: state.lane,
    turn,
    episodeId,
    messageId: `${round}:${episodeId}`,
  });
  return 'published';
}
