import type { Feed } from '#shared/contracts/feed';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import type { PollResult } from '#shared/feeds/poll-feed';
import { plainText } from '../plain-text.ts';

/** A feed as it may be shown: without the credentials of its addresses. */
export function shownFeed(feed: Feed): Feed {
  const { webhook } = feed.settings;
  return {
    ...feed,
    url: withoutCredentials(feed.url),
    settings: { ...feed.settings, ...(webhook === undefined ? {} : { webhook: withoutCredentials(webhook) }) },
  };
}

/** All feeds as a table. */
export function feedTable(feeds: readonly Feed[]): string {
  if (feeds.length === 0) return 'No feeds yet. Follow one: podline feed add <url>';
  const rows = feeds.map((feed) => {
    const { poll, feedId } = feed;
    return [
      feedId,
      stateOf(feed).padEnd(11),
      String(poll.items ?? '').padStart(8),
      String(poll.published).padStart(9),
      poll.next.slice(0, 16).replace('T', ' ').padStart(17),
      ` ${plainText(feed.title ?? withoutCredentials(feed.url), 80)}`,
    ].join(' ');
  });
  const problems = feeds.flatMap(({ feedId, poll }) =>
    poll.error ? [`${feedId}: ${plainText(poll.error.message, 300)} [${poll.error.reason}]`] : [],
  );
  const heading = `${'FEED'.padEnd(12)} ${'STATE'.padEnd(11)} EPISODES PUBLISHED ${'NEXT POLL (UTC)'.padStart(17)}  TITLE`;
  return [heading, ...rows, ...(problems.length === 0 ? [] : ['', ...problems])].join('\n');
}

function stateOf({ poll }: Feed): string {
  if (poll.failures > 0) return `failed ${poll.failures}x`;
  return poll.at === undefined ? 'new' : 'ok';
}

/** What came of a poll, in one line and one more for each episode. */
export function pollLines({
  feedId,
  title,
  outcome,
  items,
  published,
  error,
  duplicates,
  unreadable,
}: PollResult): string[] {
  const name = `${feedId}  ${plainText(title ?? '', 80)}`.trimEnd();
  if (error) return [`${name}: ${plainText(error.message, 300)} [${error.reason}]`];
  if (outcome === 'not-modified') return [`${name}: nothing new`];
  const notes = [
    `${published.length} of ${items ?? 0} episodes published`,
    ...(duplicates > 0 ? [`${duplicates} known from elsewhere`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ];
  return [
    `${name}: ${notes.join(', ')}`,
    ...published.map((episode) => `  ${episode.episodeId}  ${plainText(episode.title ?? '')}`),
  ];
}
