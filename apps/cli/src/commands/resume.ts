import { resumeEpisode } from '#shared/client/resume-episode';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { UsageError } from '../usage-error.ts';

/** `podline resume`: one episode, or with `--all` every one that is not finished. */
export async function resume(
  episodeId: string | undefined,
  options: { all?: boolean; json?: boolean },
): Promise<number> {
  if ((episodeId === undefined) === !options.all) throw new UsageError('Name one episode, or all by --all.');
  return withSession(async (client) => {
    const states: EpisodeState[] = [];
    if (episodeId === undefined) for await (const state of client.episodes.list()) states.push(state);
    else states.push(existing(episodeId, await client.episodes.get(episodeId)));
    const outcomes = [];
    for (const state of states.filter((one) => episodeId !== undefined || one.status !== 'failed')) {
      const outcome = await resumeEpisode(client, state);
      outcomes.push({ episodeId: state.episodeId, outcome });
      if (!options.json && (outcome !== 'finished' || episodeId !== undefined))
        console.log(`${state.episodeId}  ${outcome}`);
    }
    if (options.json) console.log(JSON.stringify(outcomes, undefined, 2));
    else if (episodeId === undefined && outcomes.every(({ outcome }) => outcome === 'finished'))
      console.log('Nothing to resume: every episode is done or has failed. The failed: podline dead list');
    return EXIT.done;
  });
}

function existing(episodeId: string, state: EpisodeState | undefined): EpisodeState {
  if (!state) throw new UsageError(`There is no episode "${episodeId}".`);
  return state;
}
