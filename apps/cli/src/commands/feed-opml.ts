import { readFile, stat } from 'node:fs/promises';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { MIB } from '#shared/config/defaults';
import { addFeed } from '#shared/feeds/add-feed';
import { readOpml, writeOpml } from '#shared/feeds/opml';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { type FeedOptions, feedWish } from './feed.ts';

/** Largest file read, in bytes: a thousand feeds are about 200 KB. */
const MAX_BYTES = 16 * MIB;

/** `podline feed import`: follows every feed of an OPML file; the caretaker polls them in turn. */
export async function feedImport(file: string, options: FeedOptions): Promise<number> {
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) throw new UsageError(`"${file}" is no file that exists.`);
  if (info.size > MAX_BYTES) throw new UsageError(`"${file}" has ${info.size} bytes; at most ${MAX_BYTES} are read.`);
  const listed = readOpml(await readFile(file));
  if (listed.length === 0) throw new UsageError(`"${file}" lists no feed.`);
  return withSession(async ({ feeds }) => {
    const outcomes = [];
    for (const { url, title } of listed) {
      const { feed, added } = await addFeed(feeds, { ...feedWish(url, options), title }, Date.now());
      outcomes.push({ feedId: feed.feedId, url: withoutCredentials(url), title, added });
      if (!options.json) console.log(`${feed.feedId}  ${added ? 'added' : 'known'}  ${plainText(title ?? url)}`);
    }
    if (options.json) console.log(JSON.stringify(outcomes, undefined, 2));
    return EXIT.done;
  });
}

/** `podline feed export`: the feeds as OPML on standard output. */
export async function feedExport(): Promise<number> {
  return withSession(async ({ feeds }) => {
    const followed = await feeds.list();
    // An OPML file without a feed is none.
    if (followed.length === 0) throw new UsageError('No feed is followed: podline feed add <url>.');
    console.log(writeOpml(followed));
    return EXIT.done;
  });
}
