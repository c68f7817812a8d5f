import { isFinished, sentBack } from '#shared/contracts/episode-transitions';
import { turnOfEpisode } from '#shared/contracts/turn';
import { PermanentError } from '#shared/errors';
import type { Runtime } from '#shared/service/runtime';

/** Times an episode goes back before it fails: storage that keeps losing things is not mended by trying. */
const MAX_RETURNS = 3;

/** What of a stored episode is missing: reason and words of the dead letter, should nothing help. */
export interface Loss {
  reason: string;
  /** As in "its manifest". */
  what: string;
}

/**
 * Sends an episode back to its download because something stored is lost or was damaged: what is still there is found
 * again, and only the rest is made anew. An episode that is finished stays so.
 * @throws PermanentError with the loss's reason when nobody knows where the episode came from, or it went back too often.
 */
export async function sendBack(
  episodeId: string,
  loss: Loss,
  { episodes, publisher, log }: Pick<Runtime, 'episodes' | 'publisher' | 'log'>,
): Promise<void> {
  const now = new Date().toISOString();
  let tired = false;
  const state = await episodes.update(episodeId, (known) => {
    tired = (known?.returns ?? 0) >= MAX_RETURNS;
    return known === undefined || tired || isFinished(known.status) ? undefined : sentBack(known, now);
  });
  if (state && isFinished(state.status)) return;
  if (!state?.request || tired) {
    const often = tired ? ` for the ${MAX_RETURNS + 1}th time` : '';
    throw new PermanentError(
      loss.reason,
      `Episode ${episodeId}: ${loss.what} is gone or damaged${often}. Publish the episode again.`,
    );
  }
  log.warn({ episodeId, missing: loss.what, returns: state.returns }, 'Something stored is gone; making it again');
  await publisher.job(
    'download',
    { ...state.request, id: episodeId },
    {
      lane: state.lane,
      turn: turnOfEpisode(state, state.seconds, Date.now()),
      episodeId,
      messageId: `back:${episodeId}:${state.at.accepted}:${state.returns}`,
    },
  );
}
