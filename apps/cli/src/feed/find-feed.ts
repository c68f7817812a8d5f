import type { Client } from '#shared/client/open-client';
import { type Feed, feedIdOf } from '#shared/contracts/feed';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { UsageError } from '../usage-error.ts';

/** The feed of an id, the beginning of one, or its URL. @throws UsageError where there is none, or more than one. */
export async function findFeed(client: Pick<Client, 'feeds'>, name: string): Promise<Feed> {
  const feeds = await client.feeds.list();
  const wanted = URL.canParse(name) ? feedIdOf(name) : name.toLowerCase();
  const found = wanted === '' ? [] : feeds.filter(({ feedId }) => feedId.startsWith(wanted));
  const [feed] = found;
  if (feed === undefined) {
    throw new UsageError(`No feed "${withoutCredentials(name)}" is followed. See "podline feed list".`);
  }
  if (found.length > 1) {
    throw new UsageError(`"${name}" begins ${found.length} ids: ${found.map(({ feedId }) => feedId).join(', ')}.`);
  }
  return feed;
}
