import { bumpEpisode } from '#shared/client/bump-episode';
import { withSession } from '../open-session.ts';
import { UsageError } from '../usage-error.ts';

/** `podline bump <id>`: the episode goes before all others. */
export async function bump(episodeId: string, options: { json?: boolean }): Promise<number> {
  return withSession(async (client) => {
    const bump = await bumpEpisode(client, episodeId);
    if (bump.outcome === 'unknown') {
      throw new UsageError(`There is no episode "${episodeId}", neither at work nor waiting.`);
    }
    if (options.json) console.log(JSON.stringify({ episodeId, ...bump }, undefined, 2));
    else if (bump.outcome === 'finished') console.log(`${episodeId}  is finished already.`);
    else if (bump.moved > 0) console.log(`${episodeId}  ${bump.moved} waiting jobs moved to the front.`);
    else console.log(`${episodeId}  none of its jobs waits; those to come go to the front.`);
    return 0;
  });
}
