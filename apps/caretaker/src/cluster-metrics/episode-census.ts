import type { EpisodeState, EpisodeStatus } from '#shared/contracts/episode-state';
import { EPISODE_STATUSES } from '#shared/contracts/episode-state';
import type { EpisodeChange } from '#shared/storage/episode-store';

/** What is kept of an episode: some 100 bytes. */
interface Known {
  status: EpisodeStatus;
  /** Milliseconds since 1970. */
  changedAt: number;
}

export interface Census {
  byStatus: Record<EpisodeStatus, number>;
  /** When the unfinished episode that has not changed for longest changed last, in milliseconds since 1970. */
  oldestChangeAt: number | undefined;
  /** Unfinished episodes that have not changed for `stuckMs`. */
  stuck: number;
}

/** Ends of an episode; a failed one waits for a person, not for podline. */
const ENDS: ReadonlySet<EpisodeStatus> = new Set(['done', 'failed', 'cancelled']);

/** Counts episodes by what has been heard of them. */
export class EpisodeCensus {
  readonly #known = new Map<string, Known>();
  /** Results and states older than this are removed by JetStream without a word; in milliseconds, 0 keeps them. */
  readonly #maxAgeMs: number;

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  hear({ episodeId, state }: Pick<EpisodeChange, 'episodeId' | 'state'>): void {
    if (state) this.#known.set(episodeId, knownOf(state));
    else this.#known.delete(episodeId);
  }

  /** Before everything is heard anew. */
  clear(): void {
    this.#known.clear();
  }

  count(now: number, stuckMs: number): Census {
    const byStatus = Object.fromEntries(EPISODE_STATUSES.map((status) => [status, 0])) as Census['byStatus'];
    let oldestChangeAt: number | undefined;
    let stuck = 0;
    for (const [episodeId, { status, changedAt }] of this.#known) {
      if (this.#maxAgeMs > 0 && now - changedAt > this.#maxAgeMs) {
        this.#known.delete(episodeId);
        continue;
      }
      byStatus[status]++;
      if (ENDS.has(status)) continue;
      oldestChangeAt = Math.min(oldestChangeAt ?? changedAt, changedAt);
      if (now - changedAt > stuckMs) stuck++;
    }
    return { byStatus, oldestChangeAt, stuck };
  }
}

function knownOf({ status, at }: EpisodeState): Known {
  return { status, changedAt: Date.parse(at.changed) };
}
