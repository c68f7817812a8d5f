import { withoutCredentials } from '#shared/contracts/without-credentials';
import type { Client } from '#shared/client/open-client';
import type { Selection } from '../batch/batch.ts';
import { EXIT } from '../exit-codes.ts';
import { findFeed } from '../feed/find-feed.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { withSession } from '../open-session.ts';
import { UsageError } from '../usage-error.ts';
import { jsonReport } from '../view/watch-report.ts';
import { humanReport, troubleLines, watchEpisodes } from '../watch-episodes.ts';

export interface WatchCommandOptions {
  feed?: string;
  json?: boolean;
}

/** `podline watch`: follows episodes until all are done or have failed. Ends with 1 when one has failed. */
export async function watch(episodeIds: string[], options: WatchCommandOptions): Promise<number> {
  if (episodeIds.length > 0 && options.feed !== undefined)
    throw new UsageError('Name episodes, or those of one feed by --feed, or nothing for all that is at work.');
  return withSession(async (client) => {
    const selection = await select(client, episodeIds, options.feed);
    const stop = new AbortController();
    void onInterrupt(() => stop.abort());
    const batch = await watchEpisodes(client, selection, {
      report: options.json ? (one) => jsonReport(one, process.stdout) : humanReport(process.stdout),
      signal: stop.signal,
    });
    if (!options.json) {
      if (batch.over && batch.size === 0) console.log('No episodes yet. Publish one: podline submit <URL or file>');
      for (const line of troubleLines(batch)) console.log(line);
    }
    if (!batch.over) return EXIT.interrupted;
    return batch.episodes().every(({ status }) => status === 'done') ? EXIT.done : EXIT.failed;
  });
}

async function select(client: Client, episodeIds: string[], feed: string | undefined): Promise<Selection> {
  // A feed whose episodes were submitted once need not be followed.
  if (feed !== undefined)
    return { feed: withoutCredentials(URL.canParse(feed) ? feed : (await findFeed(client, feed)).url) };
  if (episodeIds.length === 0) return {};
  for (const id of episodeIds) {
    if ((await client.episodes.get(id)) === undefined) throw new UsageError(`There is no episode "${id}".`);
  }
  return { ids: [...new Set(episodeIds)] };
}
