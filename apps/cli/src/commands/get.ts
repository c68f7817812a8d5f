import {
  chaptersKey,
  SUMMARY_FORMATS,
  summaryKey,
  TRANSCRIPT_FORMATS,
  transcriptKey,
} from '#shared/contracts/artifact-keys';
import { withSession } from '../open-session.ts';
import { UsageError } from '../usage-error.ts';
import { MAX_RESULT_BYTES } from '../write-results.ts';

const FORMATS = [...TRANSCRIPT_FORMATS, 'summary', 'summary-json', 'chapters'] as const;

/** `podline get <id>`: a transcript or summary on standard output, byte for byte as it is stored. */
export async function get(episodeId: string, options: { format: string; json?: boolean }): Promise<number> {
  const format = options.json && options.format === 'summary' ? 'summary-json' : options.json ? 'json' : options.format;
  const key = keyOf(episodeId, format);
  return withSession(async (client) => {
    const bytes = await client.results.read(key, { maxBytes: MAX_RESULT_BYTES });
    if (bytes === undefined) {
      const state = await client.episodes.get(episodeId);
      throw new UsageError(
        state
          ? `Episode "${episodeId}" has no ${format} yet: it is ${state.status}.`
          : `There is no episode "${episodeId}".`,
      );
    }
    process.stdout.write(bytes);
    return 0;
  });
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
