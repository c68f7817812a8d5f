import { createHash } from 'node:crypto';
import type { DownloaderConfig } from '#shared/config/downloader';
import { MIB } from '#shared/config/defaults';
import { chunkTranscriptKey, manifestKey } from '#shared/contracts/artifact-keys';
import { type ChunkTranscript, chunkTranscriptSchema, figuresOf } from '#shared/contracts/chunk-transcript';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import {
  cutOf,
  type Manifest,
  manifestSchema,
  type PublisherTranscript,
  type ResolvedOptions,
  SAMPLE_RATE,
} from '#shared/contracts/manifest';
import { withoutCredentials } from '#shared/contracts/without-credentials';
import { PermanentError, PodlineError } from '#shared/errors';
import { charsetOf, decodeFeed } from '#shared/feeds/decode-feed';
import { allowList } from '#shared/http/allow-list';
import { fetchDocument } from '#shared/http/fetch-document';
import type { JobContext } from '#shared/jetstream/job-context';
import type { BlobStore } from '#shared/storage/blob-store';
import { createJson, readJson } from '#shared/storage/json-blobs';
import { requestedLanguage } from '#shared/transcription/language';
import { MAX_MANIFEST_BYTES } from '#shared/transcription/rebuild-state';
import { checkTranscript } from './check-transcript.ts';
import { placeCues } from './place-cues.ts';
import { readTranscript } from './read-transcript.ts';

/** Largest transcript taken, in bytes: six hours in JSON with single words are under 10 MB. */
const MAX_BYTES = 32 * MIB;

/** Deliveries of the job after which a server that fails for the moment is given up: transcribing costs more than waiting. */
const TRIES = 3;

/** The best first: those with times, and of them the one that loses least. */
const PREFERENCE = [/json/, /vtt/, /srt|subrip/, /html/, /plain/];

export interface EpisodeWithTranscripts {
  episodeId: string;
  /** With credentials where the addresses need some. */
  request: EpisodeRequest;
  /** As it is stored: without them. */
  stored: EpisodeRequest;
  options: ResolvedOptions;
}

export interface Adoption {
  /** Of an episode of one chunk, whose transcript is stored; undefined where no transcript held up. */
  manifest?: Manifest;
  /** Those that were looked at, with why they were refused. */
  seen: PublisherTranscript[];
}

/**
 * Takes the publisher's transcript, if there is one that holds up: as an episode of one chunk that is transcribed already,
 * so that everything behind it goes its usual way. A transcript that can't be had or is not the episode's costs nothing but
 * a word in the log: the audio is transcribed then.
 */
export async function adoptTranscript(
  episode: EpisodeWithTranscripts,
  context: JobContext,
  { config, results }: { config: DownloaderConfig; results: BlobStore },
): Promise<Adoption> {
  const { transcripts = [] } = episode.request;
  const seen: PublisherTranscript[] = [];
  for (const offer of transcripts.toSorted((a, b) => rank(a.type) - rank(b.type))) {
    const named = { url: withoutCredentials(offer.url), type: offer.type };
    try {
      const document = await fetchDocument(offer.url, {
        headers: {
          accept: 'application/json, text/vtt, application/srt, text/html;q=0.7, text/plain;q=0.7, */*;q=0.5',
        },
        maxBytes: MAX_BYTES,
        allow: allowList(config.DOWNLOAD_ALLOW_HOSTS, 'DOWNLOAD_ALLOW_HOSTS'),
        signal: context.signal,
      });
      if (document === 'not-modified') throw new PermanentError('http-error', 'It answered 304 to a first request.');
      const text = decodeFeed(document.bytes, charsetOf(document.headers['content-type']));
      const cues = readTranscript(text);
      const language = checkTranscript(cues, {
        seconds: episode.request.seconds,
        declaredLanguage: offer.language,
        wantedLanguage: requestedLanguage(episode.request.options.language ?? config.DEFAULT_LANGUAGE),
      });
      const { segments, seconds } = placeCues(cues, episode.request.seconds);
      const manifest = manifestOf(episode, [...seen, named], document.bytes, seconds);
      // The manifest first: one without its chunk is forgotten, a chunk without its manifest would be taken for another's.
      const key = manifestKey(episode.episodeId);
      await createJson(results, key, manifestSchema, manifest);
      const known = (await readJson(results, key, manifestSchema, MAX_MANIFEST_BYTES)) ?? manifest;
      // Another replica may have been faster, and have cut the audio.
      if (known.source.sha256 !== manifest.source.sha256) return { manifest: known, seen };
      const chunk = chunkOf(episode.episodeId, language, segments);
      await createJson(
        results,
        chunkTranscriptKey(episode.episodeId, cutOf(manifest), 0),
        chunkTranscriptSchema,
        chunk,
      );
      context.log.info(
        { transcript: named.url, language, segments: segments.length },
        'Took the publisher’s transcript',
      );
      return { manifest, seen };
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      if (!(thrown instanceof PodlineError) || thrown.blameless) throw thrown;
      if (thrown.retryable && context.delivery < TRIES) throw thrown;
      const refused = { reason: thrown.reason, message: thrown.message.slice(0, 300) };
      context.log.warn({ transcript: named.url, ...refused }, 'The publisher’s transcript is not taken');
      seen.push({ ...named, refused });
    }
  }
  return { seen };
}

/** Whether an episode was made from the publisher's transcript and not from its audio. */
export function isPublishers({ publisherTranscripts = [] }: Manifest): boolean {
  const last = publisherTranscripts.at(-1);
  return last !== undefined && last.refused === undefined;
}

function rank(type: string): number {
  const place = PREFERENCE.findIndex((pattern) => pattern.test(type));
  return place === -1 ? PREFERENCE.length : place;
}

function manifestOf(
  { episodeId, stored, options }: EpisodeWithTranscripts,
  publisherTranscripts: PublisherTranscript[],
  bytes: Uint8Array,
  seconds: number,
): Manifest {
  const samples = Math.ceil(seconds * SAMPLE_RATE);
  return {
    v: 1,
    episodeId,
    request: stored,
    options,
    publisherTranscripts,
    source: {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      codec: 'none',
      container: 'transcript',
      channels: 1,
      sampleRate: SAMPLE_RATE,
    },
    samples,
    // Nobody has listened: what sounds like speech is not known, and so no gap is claimed.
    speech: [],
    chunks: [{ index: 0, startSample: 0, endSample: samples, cutSample: 0, silent: false }],
  };
}

function chunkOf(episodeId: string, language: string, segments: ChunkTranscript['segments']): ChunkTranscript {
  return {
    v: 1,
    episodeId,
    chunk: 0,
    provider: 'publisher',
    engine: { name: 'publisher' },
    model: 'publisher',
    settings: { language, attempt: 1 },
    language,
    segments,
    figures: figuresOf(0, 0),
    warnings: [],
  };
}
