import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { UsageError } from '../usage-error.ts';
import { isFinal, watchEpisode } from '../watch-episode.ts';

/** `podline watch`: follows one episode until it is done or has failed. Ends with 1 when it has failed. */
export async function watch(episodeId: string, options: { json?: boolean }): Promise<number> {
  return withSession(async (client) => {
    if ((await client.episodes.get(episodeId)) === undefined)
      throw new UsageError(`There is no episode "${episodeId}".`);
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    if (!options.json) {
      const state = await watchEpisode(client, episodeId, process.stdout, stop.signal);
      return state === undefined ? EXIT.interrupted : state.status === 'done' ? EXIT.done : EXIT.failed;
    }
    for await (const update of client.follow(episodeId, stop.signal)) {
      console.log(JSON.stringify(update.kind === 'state' ? update.state : update.progress));
      if (update.kind === 'state' && isFinal(update.state))
        return update.state.status === 'done' ? EXIT.done : EXIT.failed;
    }
    return EXIT.interrupted;
  });
}
