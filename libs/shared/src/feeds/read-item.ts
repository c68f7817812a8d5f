import type { AtomFeed, JsonFeed, RssFeed } from 'feedsmith';
import type { FeedItem, OfferedTranscript } from './feed-item.ts';
import { readDate } from './read-date.ts';

/** Where audio may be, and what the feed says of it. */
interface Candidate {
  url?: string | undefined;
  type?: string | undefined;
  bytes?: number | undefined;
}

/** Longest URL and guid a request takes, in characters. */
const MAX_URL = 4096;
const MAX_GUID = 1024;
const MAX_TITLE = 500;
/** Most transcripts of one episode that are considered. */
const MAX_TRANSCRIPTS = 10;
/** A length beyond a week is a mistake, in seconds. */
const MAX_SECONDS = 7 * 24 * 3600;

const AUDIO_FILE = /\.(mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|mp4|m4v|mov|webm)$/i;

/** @returns undefined for an item without audio. */
export function itemFromRss(item: RssFeed.Item<string>, base: string): FeedItem | undefined {
  const media = item.media;
  const contents = [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap(({ contents }) => contents ?? [])];
  const link = item.link ?? undefined;
  const candidates: Candidate[] = [
    ...(item.enclosures ?? []).map(({ url, type, length }) => ({ url, type, bytes: length })),
    ...contents.map(({ url, type, fileSize }) => ({ url, type, bytes: fileSize })),
    ...(item.podcast?.alternateEnclosures ?? []).flatMap(({ type, length, sources }) =>
      (sources ?? []).map(({ uri }) => ({ url: uri, type, bytes: length })),
    ),
    ...(link !== undefined && AUDIO_FILE.test(pathOf(link)) ? [{ url: link }] : []),
  ];
  return assemble(base, {
    candidates,
    guid: item.guid?.value,
    title: item.title ?? item.itunes?.title,
    date: item.pubDate ?? item.dc?.dates?.[0] ?? item.atom?.published,
    seconds: item.itunes?.duration,
    transcripts: item.podcast?.transcripts,
  });
}

/** @returns undefined for an entry without audio. */
export function itemFromAtom(entry: AtomFeed.Entry<string>, base: string): FeedItem | undefined {
  const links = (entry.links ?? []).filter(({ rel }) => rel?.toLowerCase() === 'enclosure');
  return assemble(base, {
    candidates: links.map(({ href, type, length }) => ({ url: href, type, bytes: length })),
    guid: entry.id,
    title: entry.title?.value,
    date: entry.published ?? entry.updated,
    seconds: entry.itunes?.duration,
    transcripts: undefined,
  });
}

/** @returns undefined for an item without audio. */
export function itemFromJson(item: JsonFeed.Item<string>, base: string): FeedItem | undefined {
  const attachments = item.attachments ?? [];
  return assemble(base, {
    candidates: attachments.map(({ url, mime_type, size_in_bytes }) => ({
      url,
      type: mime_type,
      bytes: size_in_bytes,
    })),
    guid: item.id,
    title: item.title,
    date: item.date_published,
    seconds: attachments[0]?.duration_in_seconds,
    transcripts: undefined,
  });
}

interface Parts {
  candidates: readonly Candidate[];
  guid: string | undefined;
  title: string | undefined;
  date: string | undefined;
  seconds: number | undefined;
  transcripts: readonly { url?: string; type?: string; language?: string }[] | undefined;
}

function assemble(base: string, parts: Parts): FeedItem | undefined {
  const audio = parts.candidates.flatMap(({ url, type, bytes }) => {
    const absolute = httpUrl(url, base);
    return absolute !== undefined && mayBeAudio(type, absolute) ? [{ url: absolute, bytes }] : [];
  })[0];
  if (audio === undefined) return undefined;
  const guid = parts.guid?.trim();
  const title = parts.title?.replace(/\s+/g, ' ').trim().slice(0, MAX_TITLE);
  const { seconds } = parts;
  return {
    url: audio.url,
    guid: guid === '' || (guid?.length ?? 0) > MAX_GUID ? undefined : guid,
    title: title === '' ? undefined : title,
    bytes: audio.bytes !== undefined && audio.bytes > 0 ? audio.bytes : undefined,
    publishedAt: readDate(parts.date),
    seconds: seconds !== undefined && seconds > 0 && seconds < MAX_SECONDS ? seconds : undefined,
    transcripts: offered(parts.transcripts ?? [], base),
  };
}

function offered(transcripts: NonNullable<Parts['transcripts']>, base: string): OfferedTranscript[] {
  return transcripts.slice(0, MAX_TRANSCRIPTS).flatMap(({ url, type, language }) => {
    const absolute = httpUrl(url, base);
    if (absolute === undefined) return [];
    const spoken = language?.trim().slice(0, 30);
    return [
      {
        url: absolute,
        type: (type ?? '').trim().toLowerCase().slice(0, 100),
        ...(spoken === undefined || spoken === '' ? {} : { language: spoken }),
      },
    ];
  });
}

/** Absolute, as a client would ask for it; undefined for what is no http(s) URL. Feeds escape "&" twice now and then. */
function httpUrl(url: string | undefined, base: string): string | undefined {
  const text = url?.trim().replaceAll('&amp;', '&');
  if (text === undefined || text === '') return undefined;
  const parsed = URL.parse(text, base);
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.href.length > MAX_URL) return undefined;
  return parsed.href;
}

/** Feeds attach pictures and documents too; a type that says nothing is believed where the file may be audio. */
function mayBeAudio(type: string | undefined, url: string): boolean {
  const name = type?.trim().toLowerCase() ?? '';
  if (/^(audio|video)\//.test(name)) return true;
  return AUDIO_FILE.test(pathOf(url)) || !/^(image|text)\/|pdf|zip|epub/.test(name);
}

function pathOf(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}
