import { bumped, isFinished } from '#shared/contracts/episode-transitions';
import type { JobPlace } from '#shared/contracts/subjects';
import type { WaitingJob } from '#shared/jetstream/waiting-jobs';
import type { Client } from './open-client.ts';

export interface Bump {
  outcome: 'bumped' | 'finished' | 'unknown';
  /** Waiting jobs that were moved to the front. */
  moved: number;
}

const FRONT: JobPlace = { lane: 'high', turn: 0 };

/**
 * Lets an episode go before all others: its waiting jobs move to the front of the lane `high`, and those it has still to
 * come go there too. What is at work stays where it is, so nothing is done, or paid for, twice.
 */
export async function bumpEpisode(client: Client, episodeId: string): Promise<Bump> {
  const known = await client.episodes.get(episodeId);
  if (known && isFinished(known.status)) return { outcome: 'finished', moved: 0 };
  if (known === undefined && (await client.waitingJobs.find(episodeId)).length === 0)
    return { outcome: 'unknown', moved: 0 };
  // The state first: what a moved job publishes next follows it, and so does a chunk whose audio is still being stored.
  await client.episodes.update(episodeId, (state) => bumped(state, episodeId, new Date().toISOString()));
  let moved = 0;
  for (const job of await client.waitingJobs.find(episodeId)) {
    const data = atFront(job);
    if (data === undefined) continue;
    await client.waitingJobs.move(job, FRONT, data);
    moved++;
  }
  return { outcome: 'bumped', moved };
}

/**
 * The job with its lane in it. A download keeps the lane that was asked for, which the operator's configuration has to allow:
 * its state knows the other. @returns undefined for what is there already, or is no JSON.
 */
function atFront({ queue, place, data }: WaitingJob): string | undefined {
  if (place.lane === FRONT.lane && place.turn === FRONT.turn) return undefined;
  try {
    const job: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    if (typeof job !== 'object' || job === null) return undefined;
    return JSON.stringify(queue === 'download' ? { lane: place.lane, ...job } : { ...job, lane: FRONT.lane });
  } catch {
    return undefined;
  }
}
