import type { EpisodeState } from '#shared/contracts/episode-state';
import { type Manifest, SAMPLE_RATE } from '#shared/contracts/manifest';
import type { JobPlace } from '#shared/contracts/subjects';
import { turnOfEpisode } from '#shared/contracts/turn';

/** Where the next jobs of a cut episode wait: its true length is known now, and somebody may have bumped it. */
export function nextPlace(manifest: Manifest, state: EpisodeState | undefined): JobPlace {
  const known = { request: manifest.request, at: state?.at };
  return {
    lane: state?.lane ?? manifest.options.lane,
    turn: turnOfEpisode(known, manifest.samples / SAMPLE_RATE, Date.now()),
  };
}
