import { chunkTranscriptKey, manifestKey } from '#shared/contracts/artifact-keys';
import { cutOf, manifestSchema } from '#shared/contracts/manifest';
import type { BlobStore } from '#shared/storage/blob-store';
import { readJson } from '#shared/storage/json-blobs';

const MAX_BYTES = 10_000_000;

/** Where the transcript of an episode's chunk is, as the episode is cut now. @throws Error when it has no manifest. */
export async function chunkKey(results: BlobStore, episodeId: string, index: number): Promise<string> {
  const manifest = await readJson(results, manifestKey(episodeId), manifestSchema, MAX_BYTES);
  if (manifest === undefined) throw new Error(`Episode ${episodeId} has no manifest.`);
  return chunkTranscriptKey(episodeId, cutOf(manifest), index);
}
