import type { EpisodeState } from '#shared/contracts/episode-state';
import { plainText } from '../plain-text.ts';

/** What went wrong with an episode, one line an error. */
export function errorLines(state: Pick<EpisodeState, 'errors'>): string[] {
  return state.errors.map((error) => {
    const where = error.chunk === undefined ? error.queue : `${error.queue}, chunk ${error.chunk}`;
    return `  ${where}: ${plainText(error.message, 500)} [${error.reason}]`;
  });
}
