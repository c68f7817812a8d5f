import type { Client } from '#shared/client/open-client';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { parseQuery } from '#shared/search/parse-query';
import { type SearchHit, type SearchResult, searchTranscripts } from '#shared/search/search-transcripts';
import { clockTime } from '#shared/transcription/formats/clock';
import { momentUrl } from '#shared/transcription/formats/moment-url';
import { EXIT } from '../exit-codes.ts';
import { findFeed } from '../feed/find-feed.ts';
import { withSession } from '../open-session.ts';
import { wholeNumber } from '../option-values.ts';
import { plainText } from '../plain-text.ts';

export interface SearchOptions {
  feed?: string;
  limit: string;
  json?: boolean;
}

/** Longest passage shown, in characters. */
const PASSAGE = 300;

/** `podline search`: where something is said, over all transcripts. Ends with 1 where it is said nowhere, as grep does. */
export async function search(words: readonly string[], options: SearchOptions): Promise<number> {
  const terms = parseQuery(asQuery(words));
  const limit = wholeNumber('--limit', options.limit);
  return withSession(async (client) => {
    const result = await searchTranscripts(client.results, await wanted(client, options.feed), terms, limit);
    console.log(options.json ? JSON.stringify(result.hits.map(shown), undefined, 2) : report(result));
    if (result.unreadable.length > 0) {
      console.error(`podline: these transcripts could not be read: ${result.unreadable.join(', ')}`);
    }
    return result.passages > 0 ? EXIT.done : EXIT.failed;
  });
}

/** The shell has taken the quotation marks away: an argument with a space in it, beside others, was a phrase. */
function asQuery(words: readonly string[]): string {
  if (words.length === 1) return words[0] ?? '';
  return words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ');
}

async function wanted(client: Client, feed: string | undefined): Promise<AsyncIterable<EpisodeState>> {
  if (feed === undefined) return client.episodes.list();
  const url = withoutCredentials((await findFeed(client, feed)).url);
  return ofFeed(client.episodes.list(), url);
}

async function* ofFeed(episodes: AsyncIterable<EpisodeState>, url: string): AsyncGenerator<EpisodeState> {
  for await (const episode of episodes) if (episode.request?.feed === url) yield episode;
}

/** What a script gets of a hit. */
function shown({ episode: { episodeId, title, request, at }, start, text }: SearchHit) {
  return {
    episodeId,
    title: request?.title ?? title,
    feed: request?.feed,
    publishedAt: request?.publishedAt ?? at.accepted,
    start,
    link: momentUrl(request?.url, start),
    text: text.length > PASSAGE ? `${text.slice(0, PASSAGE - 1)}…` : text,
  };
}

function report({ hits, passages, searched }: SearchResult): string {
  const blocks = hits.map((hit) => {
    const { episodeId, title, publishedAt, start, link, text } = shown(hit);
    const name = title === undefined ? episodeId : `${plainText(title, 100)} (${episodeId})`;
    return [
      `${publishedAt.slice(0, 10)}  ${name}  ${clockTime(start)}`,
      `  ${plainText(text, PASSAGE)}`,
      ...(link === undefined ? [] : [`  ${link}`]),
    ].join('\n');
  });
  const more = passages > hits.length ? `; the newest ${hits.length} are shown, --limit shows more` : '';
  return [...blocks, `${passages} passages in ${searched} transcripts${more}`].join('\n\n');
}
