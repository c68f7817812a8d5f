import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUMMARY_FORMATS, summaryKey, TRANSCRIPT_FORMATS, transcriptKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import type { BlobStore } from '#shared/storage/blob-store';

/** Largest result read, in bytes. */
export const MAX_RESULT_BYTES = 256 * 1024 * 1024;

export interface WrittenResults {
  folder: string;
  transcript: string;
  summary: string;
}

/** Writes an episode's transcript and summary, in all formats, into a folder of its own. */
export async function writeResults(results: BlobStore, state: EpisodeState, parent: string): Promise<WrittenResults> {
  const folder = join(parent, folderName(state));
  await mkdir(folder, { recursive: true });
  const files = [
    ...TRANSCRIPT_FORMATS.map((format) => [`transcript.${format}`, transcriptKey(state.episodeId, format)] as const),
    ...SUMMARY_FORMATS.map((format) => [`summary.${format}`, summaryKey(state.episodeId, format)] as const),
  ];
  const texts = new Map<string, string>();
  for (const [name, key] of files) {
    const bytes = await results.read(key, { maxBytes: MAX_RESULT_BYTES });
    if (bytes === undefined) continue;
    await writeFile(join(folder, name), bytes);
    texts.set(name, Buffer.from(bytes).toString('utf8'));
  }
  return { folder, transcript: texts.get('transcript.txt') ?? '', summary: texts.get('summary.md') ?? '' };
}

/** `the-tide-mill-3f2a…`: a title is a stranger's text, so only its letters and digits reach the file system. */
export function folderName(state: Pick<EpisodeState, 'title' | 'episodeId'>): string {
  const slug = (state.title ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return slug === '' ? state.episodeId : `${slug}-${state.episodeId}`;
}
