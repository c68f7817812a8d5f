import type { EpisodeState } from '#shared/contracts/episode-state';
import type { Progress } from '#shared/contracts/events';
import type { Batch } from '../batch/batch.ts';
import type { EpisodeWork } from '../batch/episode-work.ts';
import { plainText } from '../plain-text.ts';
import { batchLines } from './batch-lines.ts';
import { Screen } from './screen.ts';
import { totalsLine } from './totals-text.ts';

/** Tells what happens to the episodes that are watched. */
export interface WatchReport {
  /** The state of an episode changed; before `caughtUp`, what was stored is not told. */
  changed: (episode: EpisodeWork, state: EpisodeState) => void;
  progress: (progress: Progress) => void;
  /** All that was stored is known. */
  caughtUp: () => void;
  /** Some time has passed. */
  tick: () => void;
  end: () => void;
}

/** Least time between two lines of totals, in milliseconds. */
const TOTALS_MS = 30_000;
/** As many episodes tell each chunk; more of them tell their stages. */
const FEW = 5;

/** A picture on a terminal. */
export function screenReport(batch: Batch, out: NodeJS.WriteStream): WatchReport {
  const screen = new Screen(out);
  const draw = (): void => screen.update(batchLines(batch, Date.now(), screen.height));
  return { changed: () => undefined, progress: () => undefined, caughtUp: draw, tick: draw, end: draw };
}

/** A line a change, for pipes and build servers. */
export function lineReport(batch: Batch, out: NodeJS.WritableStream): WatchReport {
  const told = new Map<string, string>();
  let totalsAt = 0;
  let last = '';
  const write = (text: string): void => void out.write(`${new Date().toISOString().slice(11, 19)}Z  ${text}\n`);
  const totals = (): void => {
    const text = totalsLine(batch.totals(Date.now()));
    if (text !== last) write(text);
    last = text;
    totalsAt = performance.now();
  };
  const tell = (episode: EpisodeWork, chunks: boolean): void => {
    const text = changeText(episode, chunks);
    if (told.get(episode.episodeId) !== text) write(text);
    told.set(episode.episodeId, text);
  };
  return {
    changed: (episode) => tell(episode, batch.size <= FEW),
    progress: () => undefined,
    caughtUp: () => {
      if (batch.size > 1) totals();
      else for (const episode of batch.episodes()) tell(episode, true);
    },
    tick: () => {
      if (batch.size > 1 && performance.now() - totalsAt >= TOTALS_MS) totals();
    },
    end: () => {
      if (batch.size > 1) totals();
    },
  };
}

/** `sample-episode  transcribing  chunk 1/2  How a lighthouse says its name`. */
function changeText({ episodeId, status, chunks, chunksDone, held, title }: EpisodeWork, withChunks: boolean): string {
  const map = withChunks && chunks !== '' ? [`chunk ${chunksDone}/${chunks.length}`] : [];
  const waits = held === undefined ? [] : [`waits: ${plainText(held, 200)}`];
  return [episodeId.padEnd(24), status.padEnd(12), ...map, ...waits, plainText(title ?? '', 100)].join('  ').trimEnd();
}

/** An object a line, for programs: states and progress as they are on NATS, and totals now and then. */
export function jsonReport(batch: Batch, out: NodeJS.WritableStream): WatchReport {
  let totalsAt = 0;
  const write = (value: object): void => void out.write(`${JSON.stringify(value)}\n`);
  const totals = (): void => {
    write({ totals: batch.totals(Date.now()) });
    totalsAt = performance.now();
  };
  return {
    changed: (_episode, state) => write(state),
    progress: write,
    caughtUp: totals,
    tick: () => {
      if (performance.now() - totalsAt >= TOTALS_MS / 6) totals();
    },
    end: totals,
  };
}
