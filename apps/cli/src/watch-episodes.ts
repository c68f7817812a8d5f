import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '#shared/client/open-client';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { Batch, type Selection } from './batch/batch.ts';
import { isOver } from './batch/episode-work.ts';
import { lineReport, screenReport, type WatchReport } from './view/watch-report.ts';

/** How often the picture is drawn anew although nothing came, in milliseconds: the ETA goes on. */
const REDRAW_MS = 500;
/** How often the queue is asked for episodes nobody has announced, in milliseconds. */
const QUEUE_MS = 5000;

export interface WatchOptions {
  report: (batch: Batch) => WatchReport;
  signal: AbortSignal;
  /** States that do not count, such as the failure of an earlier try. */
  ignore?: (state: EpisodeState) => boolean;
}

/** Tells of episodes until all of them are at their end. @returns the batch; not `over` when the signal came first. */
export async function watchEpisodes(client: Client, selection: Selection, options: WatchOptions): Promise<Batch> {
  const { signal, ignore = () => false } = options;
  const batch = new Batch(selection);
  const report = options.report(batch);
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const key = selection.ids?.length === 1 ? (selection.ids[0] ?? '>') : '>';
  const endWhenOver = (): void => {
    if (batch.over) done.abort();
  };
  if (selection.ids === undefined) batch.queued = await client.queued();
  const timer = setInterval(() => report.tick(), REDRAW_MS);
  const asking = selection.ids === undefined ? askQueue(client, batch, stop, endWhenOver) : undefined;
  try {
    for await (const update of client.follow(key, stop)) {
      if (stop.aborted) break;
      if (update.kind === 'state' && ignore(update.state)) continue;
      const changed = batch.hear(update, Date.now());
      if (changed && update.kind === 'state') report.changed(changed, update.state);
      else if (update.kind === 'progress') report.progress(update.progress);
      else if (update.kind === 'caught-up') report.caughtUp();
      endWhenOver();
    }
  } finally {
    clearInterval(timer);
    done.abort();
    await asking;
    report.end();
  }
  return batch;
}

async function askQueue(client: Client, batch: Batch, stop: AbortSignal, then: () => void): Promise<void> {
  while (!stop.aborted) {
    await delay(QUEUE_MS, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return;
    // It is one figure on the screen; the next answer will do.
    batch.queued = await client.queued().catch(() => 0);
    then();
  }
}

/** A picture where there is a terminal, lines where there is none. */
export const humanReport =
  (out: NodeJS.WriteStream) =>
  (batch: Batch): WatchReport =>
    out.isTTY ? screenReport(batch, out) : lineReport(batch, out);

/** One episode, until it is done or has failed. @returns its final state; undefined when the signal came first. */
export async function watchEpisode(
  client: Client,
  episodeId: string,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  ignore: (state: EpisodeState) => boolean = () => false,
): Promise<EpisodeState | undefined> {
  let last: EpisodeState | undefined;
  const batch = await watchEpisodes(
    client,
    { ids: [episodeId] },
    {
      report: humanReport(out),
      signal,
      ignore: (state) => {
        if (ignore(state)) return true;
        last = state;
        return false;
      },
    },
  );
  for (const line of troubleLines(batch)) out.write(`${line}\n`);
  return batch.over ? last : undefined;
}

/** What went wrong, for each episode that failed. */
export function troubleLines(batch: Batch): string[] {
  const failed = batch.episodes().filter((one) => isOver(one) && one.errors.length > 0);
  if (batch.size === 1) return failed.flatMap(({ errors }) => errors);
  return failed.flatMap(({ episodeId, errors }) => [episodeId, ...errors]);
}
