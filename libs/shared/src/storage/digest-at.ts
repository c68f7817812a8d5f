import { PodlineError } from '#shared/errors';
import type { BlobStore } from './blob-store.ts';

/** SHA-256 of what is stored, 64 hexadecimal digits; undefined where there is nothing, or nobody knows it. */
export async function digestAt(store: Pick<BlobStore, 'head'>, key: string): Promise<string | undefined> {
  try {
    return (await store.head(key))?.digest;
  } catch (error) {
    // Damaged, or put there by another hand: `readOrDrop` deals with it.
    if (error instanceof PodlineError && error.reason === 'blob-corrupt') return undefined;
    throw error;
  }
}
