import type { Client } from '#shared/client/open-client';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { EMPTY_VIEW, errorLines, stageLines, withProgress, withState } from './view/episode-view.ts';
import { createScreen } from './view/screen.ts';

/** How often the picture is drawn anew although nothing came, in milliseconds: the ETA goes on. */
const REDRAW_MS = 500;

/** Draws an episode's way until it is done or has failed. @returns the final state; undefined when the signal came first. */
export async function watchEpisode(
  client: Client,
  episodeId: string,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  acceptFinal: (state: EpisodeState) => boolean = () => true,
): Promise<EpisodeState | undefined> {
  const screen = createScreen(out);
  const done = new AbortController();
  let view = EMPTY_VIEW;
  const draw = (): void => screen.update(stageLines(view, performance.now()));
  const timer = setInterval(draw, REDRAW_MS);
  try {
    for await (const update of client.follow(episodeId, AbortSignal.any([signal, done.signal]))) {
      view =
        update.kind === 'state'
          ? withState(view, update.state, performance.now())
          : withProgress(view, update.progress);
      draw();
      if (update.kind === 'state' && isFinal(update.state) && acceptFinal(update.state)) {
        return update.state;
      }
    }
    return undefined;
  } finally {
    clearInterval(timer);
    done.abort();
    draw();
    screen.settle();
    if (view.state?.status === 'failed') out.write(`${errorLines(view.state).join('\n')}\n`);
  }
}

export function isFinal(state: EpisodeState): boolean {
  return state.status === 'done' || state.status === 'failed' || state.status === 'cancelled';
}
