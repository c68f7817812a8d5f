import { MINUTE } from '#shared/config/defaults';
import { uploadKey, UPLOADS_PREFIX } from '#shared/contracts/artifact-keys';
import { isFinished } from '#shared/contracts/episode-transitions';
import { uploadDigest } from '#shared/contracts/upload-url';
import type { Runtime } from '#shared/service/runtime';
import type { Duty } from './duty.ts';
import { repeatedDuty } from './repeated-duty.ts';

/** Time between two looks, in milliseconds. */
const INTERVAL_MS = 5 * MINUTE;
/** Younger ones are left alone: somebody may be about to publish an episode of one. In milliseconds. */
const YOUNG_MS = 10 * MINUTE;

/** Removes uploaded files whose episodes are finished: the room is for those that wait. */
export async function startFinishedUploads(runtime: Runtime): Promise<Duty> {
  const { log } = runtime;
  const failure = 'Could not look for uploads that nobody needs';
  return repeatedDuty({ name: 'finished-uploads', log, failure, intervalMs: INTERVAL_MS }, async () => {
    const count = await removeFinishedUploads(runtime, Date.now());
    if (count > 0) log.info({ count }, 'Removed uploads of finished episodes');
  });
}

/**
 * An upload is named after its bytes, so several episodes may be of one: it goes when all of them are done or cancelled. One
 * that is of no episode, or of a failed one, which may be tried again, stays until it is too old.
 * @param now milliseconds since 1970. @returns how many were removed.
 */
export async function removeFinishedUploads(
  { audio, episodes }: Pick<Runtime, 'audio' | 'episodes'>,
  now: number,
): Promise<number> {
  const old = new Map<string, number>();
  for await (const { key, modified } of audio.list(UPLOADS_PREFIX))
    if (now - modified.getTime() > YOUNG_MS) old.set(key, modified.getTime());
  if (old.size === 0) return 0;
  const finished = new Set<string>();
  const needed = new Set<string>();
  for await (const { request, status } of episodes.list()) {
    const sha256 = request && uploadDigest(request.url);
    if (sha256 !== undefined) (isFinished(status) ? finished : needed).add(uploadKey(sha256));
  }
  let removed = 0;
  for (const [key, modified] of old) {
    if (!finished.has(key) || needed.has(key)) continue;
    // Stored anew meanwhile, it is for an episode this look has not seen.
    if ((await audio.head(key))?.modified.getTime() !== modified) continue;
    if (await audio.delete(key)) removed++;
  }
  return removed;
}
