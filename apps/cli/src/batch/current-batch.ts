import { DAY } from '#shared/config/defaults';
import { type EpisodeWork, isOver } from './episode-work.ts';

/**
 * The episodes that are at work, and those that were finished while these were: with nothing at work, the last ones that
 * overlapped. So a batch shows whole to whoever begins to look in its middle, or after its end. An unfinished episode
 * that has not moved for a day belongs to it, but does not say when it began.
 */
export function currentBatch(episodes: Iterable<EpisodeWork>, nowMs: number): Set<string> {
  const all = [...episodes];
  const batch = new Set<string>();
  let from = Infinity;
  for (const episode of all.filter((one) => !isOver(one))) {
    batch.add(episode.episodeId);
    if (nowMs - episode.at.changed < DAY) from = Math.min(from, episode.at.begun);
  }
  const ended = ({ at }: EpisodeWork): number => at.finished ?? at.changed;
  for (const episode of all.filter(isOver).toSorted((a, b) => ended(b) - ended(a))) {
    if (ended(episode) < from && batch.size > 0) break;
    batch.add(episode.episodeId);
    from = Math.min(from, episode.at.begun);
  }
  return batch;
}
