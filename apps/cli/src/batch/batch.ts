import type { EpisodeUpdate } from '#shared/client/episode-feed';
import type { EpisodeState } from '#shared/contracts/episode-state';
import type { Progress } from '#shared/contracts/events';
import { currentBatch } from './current-batch.ts';
import { type EpisodeWork, episodeWork, isOver } from './episode-work.ts';
import type { Running } from './stage-work.ts';
import { type Totals, totalsOf } from './totals.ts';

/** Which episodes are followed: some by their ids, or those at work, of one feed or of all. */
export interface Selection {
  ids?: readonly string[] | undefined;
  feed?: string | undefined;
}

/** The episodes that are followed, as they stand by all that was heard of them. */
export class Batch {
  readonly #selection: Selection;
  readonly #known = new Map<string, EpisodeWork>();
  readonly #downloads = new Map<string, Progress>();
  readonly #chunks = new Map<string, Map<number, number>>();
  /** Undefined until all that was stored is known: only then is it clear what is at work. */
  #members: Set<string> | undefined;
  #reportedAt: number | undefined;
  /** Episodes that wait for their download, whoever published them. */
  #queued = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
    if (selection.ids !== undefined) this.#members = new Set(selection.ids);
  }

  /** @returns the episode whose state changed, when it is one of the batch. */
  hear(update: EpisodeUpdate, nowMs: number): EpisodeWork | undefined {
    if (update.kind === 'progress') this.#progress(update.progress, nowMs);
    else if (update.kind === 'caught-up') this.#members ??= currentBatch(this.#known.values(), nowMs);
    else if (update.kind === 'gone') this.#forget(update.episodeId);
    else return this.#state(update.state);
    return undefined;
  }

  set queued(count: number) {
    this.#queued = count;
  }

  get complete(): boolean {
    return this.#members !== undefined;
  }

  get size(): number {
    return this.#members?.size ?? 0;
  }

  episodes(): EpisodeWork[] {
    return [...(this.#members ?? [])].flatMap((id) => this.#known.get(id) ?? []);
  }

  /** Whether all that is followed has come to its end. */
  get over(): boolean {
    if (this.#members === undefined) return false;
    for (const id of this.#selection.ids ?? this.#members) {
      const episode = this.#known.get(id);
      if (episode === undefined || !isOver(episode)) return false;
    }
    return this.#unseen() === 0;
  }

  totals(nowMs: number): Totals {
    return totalsOf(this.episodes(), nowMs, this.running(), this.#unseen());
  }

  running(): Running {
    return {
      download: (id) => {
        const { stage, done, total } = this.#downloads.get(id) ?? { stage: 'download', done: 0 };
        // Decoding and cutting come after the last byte, and take a moment only.
        return stage === 'download' ? Math.min(0.9, total ? done / total : 0) : 0.95;
      },
      chunk: (id, chunk) => Math.min(1, this.#chunks.get(id)?.get(chunk) ?? 0),
      reportedAt: this.#reportedAt,
    };
  }

  downloadOf(episodeId: string): Progress | undefined {
    return this.#downloads.get(episodeId);
  }

  /** Of the queue's episodes, those nobody has announced; a feed's and named ones were found in the bucket. */
  #unseen(): number {
    if (this.#selection.ids !== undefined || this.#selection.feed !== undefined) return 0;
    let accepted = 0;
    for (const { status } of this.#known.values()) if (status === 'accepted') accepted++;
    return Math.max(0, this.#queued - accepted);
  }

  #state(state: EpisodeState): EpisodeWork | undefined {
    const { ids, feed } = this.#selection;
    if (ids !== undefined && !ids.includes(state.episodeId)) return undefined;
    if (feed !== undefined && state.request?.feed !== feed) return undefined;
    const work = episodeWork(state);
    this.#known.set(work.episodeId, work);
    if (work.status !== 'downloading') this.#downloads.delete(work.episodeId);
    if (work.status !== 'transcribing') this.#chunks.delete(work.episodeId);
    if (!isOver(work)) this.#members?.add(work.episodeId);
    return this.#members?.has(work.episodeId) ? work : undefined;
  }

  #progress(progress: Progress, nowMs: number): void {
    const { episodeId, stage, chunk, done, total } = progress;
    const status = this.#known.get(episodeId)?.status;
    if (stage === 'transcribe' && status === 'transcribing' && chunk !== undefined && total) {
      const chunks = this.#chunks.get(episodeId) ?? new Map<number, number>();
      this.#chunks.set(episodeId, chunks.set(chunk, done / total));
      this.#reportedAt = nowMs;
    } else if (stage !== 'transcribe' && stage !== 'summarize' && (status === 'accepted' || status === 'downloading')) {
      this.#downloads.set(episodeId, progress);
    }
  }

  #forget(episodeId: string): void {
    this.#known.delete(episodeId);
    this.#members?.delete(episodeId);
  }
}
