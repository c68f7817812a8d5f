import { transcriptKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { PodlineError } from '#shared/errors';
import type { BlobStore } from '#shared/storage/blob-store';
import { findPassages } from './find-passages.ts';
import type { Term } from './parse-query.ts';

/** The subtitles of a 6-hour episode are under 1 MB. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Transcripts on their way: enough to hide the way to the store, few enough for little memory. */
const IN_FLIGHT = 16;

export interface SearchHit {
  episode: EpisodeState;
  start: number;
  text: string;
}

export interface SearchResult {
  /** The newest episodes first, in each in order of time. */
  hits: SearchHit[];
  /** All passages there are, also those that are not in `hits`. */
  passages: number;
  /** Transcripts that were looked at. */
  searched: number;
  /** Episodes whose transcript could not be read. */
  unreadable: string[];
}

/**
 * Looks through the transcripts of these episodes, one after the other: subtitles are a small part of what is stored of an
 * episode, and an index would have to be made of all of them first.
 * @param limit of the hits that are kept.
 */
export async function searchTranscripts(
  results: Pick<BlobStore, 'read'>,
  episodes: AsyncIterable<EpisodeState>,
  terms: readonly Term[],
  limit: number,
): Promise<SearchResult> {
  const result: SearchResult = { hits: [], passages: 0, searched: 0, unreadable: [] };
  for await (const { episode, vtt, unreadable } of readAll(results, episodes)) {
    if (unreadable) result.unreadable.push(episode.episodeId);
    if (vtt !== undefined) {
      const passages = findPassages(vtt, terms);
      result.searched++;
      result.passages += passages.length;
      result.hits.push(...passages.slice(0, limit).map((passage) => ({ episode, ...passage })));
      if (result.hits.length > 2 * limit) result.hits = best(result.hits, limit);
    }
  }
  return { ...result, hits: best(result.hits, limit) };
}

function best(hits: readonly SearchHit[], limit: number): SearchHit[] {
  const inOrder = hits.toSorted(
    (a, b) =>
      dayOf(b.episode).localeCompare(dayOf(a.episode)) ||
      a.episode.episodeId.localeCompare(b.episode.episodeId) ||
      a.start - b.start,
  );
  return inOrder.slice(0, limit);
}

/** When it was published, where that is known; else when podline got it. As text that sorts. */
function dayOf({ request, at }: EpisodeState): string {
  return new Date(request?.publishedAt ?? at.accepted).toISOString();
}

interface ReadTranscript {
  episode: EpisodeState;
  /** undefined where there is none yet. */
  vtt?: string | undefined;
  unreadable?: boolean;
}

async function* readAll(
  results: Pick<BlobStore, 'read'>,
  episodes: AsyncIterable<EpisodeState>,
): AsyncGenerator<ReadTranscript> {
  const underWay: Promise<ReadTranscript>[] = [];
  for await (const episode of episodes) {
    if (episode.status !== 'done' && episode.status !== 'summarizing') continue;
    const read = readOne(results, episode);
    // It is looked at in its turn, which does not come when one before it fails.
    read.catch(() => undefined);
    underWay.push(read);
    const first = underWay.length >= IN_FLIGHT ? underWay.shift() : undefined;
    if (first) yield await first;
  }
  for (const read of underWay) yield await read;
}

async function readOne(results: Pick<BlobStore, 'read'>, episode: EpisodeState): Promise<ReadTranscript> {
  try {
    const bytes = await results.read(transcriptKey(episode.episodeId, 'vtt'), { maxBytes: MAX_BYTES });
    return { episode, vtt: bytes && Buffer.from(bytes).toString('utf8') };
  } catch (error) {
    if (error instanceof PodlineError && (!error.retryable || error.reason === 'blob-corrupt')) {
      return { episode, unreadable: true };
    }
    throw error;
  }
}
