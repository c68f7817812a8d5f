import { join } from 'node:path';
import type { Client } from '#shared/client/open-client';
import { chaptersKey, transcriptKey } from '#shared/contracts/artifact-keys';
import type { Feed } from '#shared/contracts/feed';
import { type Transcript, transcriptSchema } from '#shared/contracts/transcript';
import { addToFeed, type FeedAddition } from '#shared/feeds/add-to-feed';
import { decodeFeed } from '#shared/feeds/decode-feed';
import { episodeIdOfItem } from '#shared/feeds/episode-of-item';
import { type MarkedItem, markItems } from '#shared/feeds/mark-items';
import { parseFeed } from '#shared/feeds/parse-feed';
import { readJson } from '#shared/storage/json-blobs';
import { UNDETERMINED } from '#shared/transcription/language';
import { toPodcastJson } from '#shared/transcription/formats/to-podcast-json';
import { toSrt } from '#shared/transcription/formats/to-srt';
import { toVtt } from '#shared/transcription/formats/to-vtt';
import { EXIT } from '../exit-codes.ts';
import { fetchFeedHere } from '../feed/fetch-feed-here.ts';
import { findFeed } from '../feed/find-feed.ts';
import { withSession } from '../open-session.ts';
import { UsageError } from '../usage-error.ts';
import { writeNewFile } from '../write-new-file.ts';
import { MAX_RESULT_BYTES } from '../write-results.ts';

export interface FeedPublishOptions {
  out: string;
  baseUrl: string;
  json?: boolean;
}

/** `podline feed publish`: the feed with transcripts and chapters, and their files, for any web server or bucket. */
export async function feedPublish(name: string, options: FeedPublishOptions): Promise<number> {
  const base = URL.parse(options.baseUrl.replace(/\/*$/, '/'));
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new UsageError(`--base-url: expected http(s)://…; got "${options.baseUrl}".`);
  }
  return withSession(async (client) => {
    const feed = await findFeed(client, name);
    const fetched = await fetchFeedHere(feed.url);
    const parsed = await parseFeed(decodeFeed(fetched.bytes, fetched.charset), fetched.finalUrl);
    const additions = new Map<number, FeedAddition>();
    for (const [index, item] of markItems(parsed.items).entries()) {
      const addition = await publishItem(client, feed, item, base, options.out);
      if (addition !== undefined) additions.set(parsed.positions[index] ?? 0, addition);
    }
    const xml = addToFeed(fetched.bytes, additions);
    // Last, so that it never names a file that is not there.
    await writeNewFile(join(options.out, 'feed.xml'), xml, true);
    const counts = { episodes: parsed.items.length, published: additions.size, feed: new URL('feed.xml', base).href };
    console.log(
      options.json
        ? JSON.stringify(counts, undefined, 2)
        : `${counts.published} of ${counts.episodes} episodes have transcripts: ${join(options.out, 'feed.xml')}, to be served as ${counts.feed}`,
    );
    return EXIT.done;
  });
}

/** Writes the files of one episode. @returns what its item gets; undefined where it is not finished. */
async function publishItem(
  client: Client,
  feed: Feed,
  item: MarkedItem,
  base: URL,
  out: string,
): Promise<FeedAddition | undefined> {
  const episodeId = await finishedEpisode(client, feed, item);
  if (episodeId === undefined) return undefined;
  const key = transcriptKey(episodeId, 'json');
  const transcript = await readJson(client.results, key, transcriptSchema, MAX_RESULT_BYTES);
  if (transcript === undefined) return undefined;
  const write = async (file: string, content: string | Uint8Array): Promise<string> => {
    await writeNewFile(join(out, 'episodes', episodeId, file), Buffer.from(content), true);
    return new URL(`episodes/${episodeId}/${file}`, base).href;
  };
  const language = transcript.language === UNDETERMINED ? undefined : transcript.language;
  const transcripts: FeedAddition['transcripts'] = [];
  // The publisher's own is in the feed already.
  if (!transcript.providers.includes('publisher')) {
    for (const { file, type, rel, text } of formats(transcript)) {
      transcripts.push({ url: await write(file, text), type, language, rel });
    }
  }
  const chapters = await client.results.read(chaptersKey(episodeId), { maxBytes: MAX_RESULT_BYTES });
  return { transcripts, chapters: chapters && (await write('chapters.json', chapters)) };
}

function formats(transcript: Transcript): { file: string; type: string; rel?: string; text: string }[] {
  return [
    { file: 'transcript.vtt', type: 'text/vtt', rel: 'captions', text: toVtt(transcript) },
    { file: 'transcript.srt', type: 'application/srt', rel: 'captions', text: toSrt(transcript) },
    { file: 'transcript.json', type: 'application/json', text: toPodcastJson(transcript) },
  ];
}

/** By its guid, else by its audio: the guid may have changed since it was published. */
async function finishedEpisode({ episodes, feeds }: Client, feed: Feed, item: MarkedItem): Promise<string | undefined> {
  const ids = [episodeIdOfItem(item, feed.url), await feeds.audioOwner(item.audioKey)];
  for (const id of ids) {
    if (id !== undefined && (await episodes.get(id))?.status === 'done') return id;
  }
  return undefined;
}
