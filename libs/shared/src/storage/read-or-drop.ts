import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { SECOND } from '#shared/config/defaults';
import { PodlineError } from '#shared/errors';
import type { Log } from '#shared/observability/log';
import type { BlobStore } from './blob-store.ts';
import { readJson } from './json-blobs.ts';

/** A copy of the bucket that lags behind looks damaged for a moment: looked at again after so many milliseconds. */
const SECOND_LOOK_MS = 1 * SECOND;

type Store = Pick<BlobStore, 'read' | 'delete'>;

/**
 * As `readJson`, for what podline can make again: a blob that is damaged (bit rot, somebody's hand) is deleted, with a
 * warning, and counts as missing. What a newer podline has written is never touched.
 */
export async function readOrDrop<Schema extends z.ZodType>(
  store: Store,
  key: string,
  schema: Schema,
  maxBytes: number,
  log: Pick<Log, 'warn'>,
): Promise<z.output<Schema> | undefined> {
  return sound(store, key, log, () => readJson(store, key, schema, maxBytes));
}

/** The same for bytes of any kind. */
export async function readBytesOrDrop(
  store: Store,
  key: string,
  maxBytes: number,
  log: Pick<Log, 'warn'>,
): Promise<Uint8Array | undefined> {
  return sound(store, key, log, () => store.read(key, { maxBytes }));
}

async function sound<T>(
  store: Store,
  key: string,
  log: Pick<Log, 'warn'>,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const first = await attempt(read);
  if (!first.damage) return first.value;
  await delay(SECOND_LOOK_MS);
  const second = await attempt(read);
  if (!second.damage) return second.value;
  log.warn({ key, err: second.damage.message }, 'A stored artifact is damaged; it is deleted, and will be made again');
  await store.delete(key);
  return undefined;
}

async function attempt<T>(read: () => Promise<T>): Promise<{ value?: T; damage?: PodlineError }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (isDamage(error)) return { damage: error };
    throw error;
  }
}

function isDamage(error: unknown): error is PodlineError {
  return error instanceof PodlineError && (error.reason === 'invalid-artifact' || error.reason === 'blob-corrupt');
}
