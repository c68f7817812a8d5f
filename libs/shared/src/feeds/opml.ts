import { generateOpml, type Opml, parseOpml } from 'feedsmith';
import type { Feed } from '#shared/contracts/feed';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { PermanentError } from '#shared/errors';
import { decodeFeed } from './decode-feed.ts';

/** Groups inside groups that are looked into. */
const MAX_DEPTH = 20;

/** A feed as a podcast player lists it. */
export interface ListedFeed {
  url: string;
  title?: string | undefined;
}

/**
 * The feeds of an OPML file, wherever in its groups they are, each once.
 * @throws PermanentError `not-opml`.
 */
export function readOpml(bytes: Uint8Array): ListedFeed[] {
  let outlines: readonly Opml.Outline<string>[];
  try {
    outlines = parseOpml(decodeFeed(bytes)).body?.outlines ?? [];
  } catch (error) {
    throw new PermanentError('not-opml', 'The file is no OPML: players export it as "OPML" or "subscriptions".', {
      cause: error,
    });
  }
  const feeds = new Map<string, ListedFeed>();
  for (const feed of feedsIn(outlines, 0)) if (!feeds.has(feed.url)) feeds.set(feed.url, feed);
  return [...feeds.values()];
}

function feedsIn(outlines: readonly Opml.Outline<string>[], depth: number): ListedFeed[] {
  if (depth > MAX_DEPTH) return [];
  return outlines.flatMap((outline) => {
    const url = URL.parse(outline.xmlUrl?.trim() ?? '');
    const own = url !== null && /^https?:$/.test(url.protocol) ? [{ url: url.href, title: titleOf(outline) }] : [];
    return [...own, ...feedsIn(outline.outlines ?? [], depth + 1)];
  });
}

function titleOf({ title, text }: Opml.Outline<string>): string | undefined {
  const name = (title ?? text ?? '').trim();
  return name === '' ? undefined : name;
}

/** The feeds as an OPML file any player imports; credentials of private feeds stay out of it. */
export function writeOpml(feeds: readonly Pick<Feed, 'url' | 'title'>[]): string {
  return generateOpml({
    head: { title: 'podline' },
    body: {
      outlines: feeds.map(({ url, title }) => {
        const xmlUrl = withoutCredentials(url);
        return { type: 'rss', text: title ?? xmlUrl, title: title ?? xmlUrl, xmlUrl };
      }),
    },
  });
}
