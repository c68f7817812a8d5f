import { summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { summarySchema } from '#shared/contracts/summary';
import { transcriptSchema } from '#shared/contracts/transcript';
import type { BlobStore } from '#shared/storage/blob-store';
import { readJson } from '#shared/storage/json-blobs';
import { toMarkdown } from '#shared/transcription/formats/to-markdown';
import { toPodcastJson } from '#shared/transcription/formats/to-podcast-json';
import { toTxt } from '#shared/transcription/formats/to-txt';
import { MAX_RESULT_BYTES } from './write-results.ts';

/**
 * Formats that are not stored but made of what is, each time: chapters come after the transcript, and change with every
 * new summary.
 */
export const RENDERED_FORMATS = ['podcast-json', 'md', 'txt-timestamps'] as const;
type RenderedFormat = (typeof RENDERED_FORMATS)[number];

/** Names of their files. Text with times is asked for by who wants it, and has none. */
export const RENDERED_FILES = { 'transcript.podcast.json': 'podcast-json', 'transcript.md': 'md' } as const;

/** @returns undefined where the episode has no transcript yet. */
export async function renderFormat(
  results: Pick<BlobStore, 'read'>,
  episodeId: string,
  format: RenderedFormat,
): Promise<Buffer | undefined> {
  const transcript = await readJson(results, transcriptKey(episodeId, 'json'), transcriptSchema, MAX_RESULT_BYTES);
  if (transcript === undefined) return undefined;
  switch (format) {
    case 'podcast-json':
      return Buffer.from(toPodcastJson(transcript));
    case 'txt-timestamps':
      return Buffer.from(toTxt(transcript, { timestamps: true }));
    case 'md': {
      const summary = await readJson(results, summaryKey(episodeId, 'json'), summarySchema, MAX_RESULT_BYTES);
      return Buffer.from(toMarkdown(transcript, summary?.chapters));
    }
  }
}
