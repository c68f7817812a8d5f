import {
  chaptersKey,
  SUMMARY_FORMATS,
  summaryKey,
  TRANSCRIPT_FORMATS,
  transcriptKey,
} from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import type { BlobStore } from '#shared/storage/blob-store';
import { EXIT } from '../exit-codes.ts';
import { withSession } from '../open-session.ts';
import { plainText } from '../plain-text.ts';
import { RENDERED_FORMATS, renderFormat } from '../render-format.ts';
import { UsageError } from '../usage-error.ts';
import { MAX_RESULT_BYTES } from '../write-results.ts';

export const FORMATS = [
  ...TRANSCRIPT_FORMATS,
  ...RENDERED_FORMATS.filter((format) => format !== 'txt-timestamps'),
  'summary',
  'summary-json',
  'chapters',
] as const;

export interface GetOptions {
  format: string;
  timestamps?: boolean;
  json?: boolean;
}

/** `podline get <id>`: a transcript or summary on standard output; what is stored, byte for byte. */
export async function get(episodeId: string, options: GetOptions): Promise<number> {
  const format = wantedFormat(options);
  const read = readerOf(episodeId, format);
  return withSession(async ({ results, episodes }) => {
    const bytes = await read(results);
    if (bytes === undefined) {
      const state = await episodes.get(episodeId);
      throw new UsageError(
        state ? `Episode "${episodeId}" has no ${format}${lackReason(state)}` : `There is no episode "${episodeId}".`,
      );
    }
    process.stdout.write(bytes);
    return EXIT.done;
  });
}

/** Why there is nothing: it is not made yet, or never will be. */
function lackReason({ status, errors }: EpisodeState): string {
  if (status !== 'failed') return ` yet: it is ${status}.`;
  const why = errors.at(-1);
  return `: it has failed${why === undefined ? '' : `, ${plainText(why.message, 300)} [${why.reason}]`}`;
}

function wantedFormat({ format, timestamps, json }: GetOptions): string {
  if (json) return format === 'summary' ? 'summary-json' : 'json';
  if (!timestamps) return format;
  if (format === 'txt') return 'txt-timestamps';
  throw new UsageError(`--timestamps is for --format txt; "${format}" has the times it can have.`);
}

/** @throws UsageError for a format that does not exist. */
function readerOf(episodeId: string, format: string): (results: BlobStore) => Promise<Uint8Array | undefined> {
  const rendered = RENDERED_FORMATS.find((one) => one === format);
  if (rendered !== undefined) return (results) => renderFormat(results, episodeId, rendered);
  const key = keyOf(episodeId, format);
  return (results) => results.read(key, { maxBytes: MAX_RESULT_BYTES });
}

function keyOf(episodeId: string, format: string): string {
  const transcript = TRANSCRIPT_FORMATS.find((one) => one === format);
  if (transcript) return transcriptKey(episodeId, transcript);
  if (format === 'summary') return summaryKey(episodeId, 'md');
  if (format === 'chapters') return chaptersKey(episodeId);
  const summary = SUMMARY_FORMATS.find((one) => `summary-${one}` === format);
  if (summary) return summaryKey(episodeId, summary);
  throw new UsageError(`--format: expected ${FORMATS.join(', ')}; got "${format}".`);
}
