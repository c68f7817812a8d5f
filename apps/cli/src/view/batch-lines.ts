import type { Batch } from '../batch/batch.ts';
import { type EpisodeWork, isOver } from '../batch/episode-work.ts';
import type { Running } from '../batch/stage-work.ts';
import type { Totals } from '../batch/totals.ts';
import { plainText } from '../plain-text.ts';
import { bar, barLine } from './bar.ts';
import { chunkMap } from './chunk-map.ts';
import { clock } from './clock.ts';
import { episodeLines } from './episode-lines.ts';
import { costText, countsText, paceText } from './totals-text.ts';

/** Lines the totals take. */
const HEAD = 6;
const MAP = 24;

/** The picture `watch` draws. @param height of the terminal, in lines: who does not fit is counted. */
export function batchLines(batch: Batch, nowMs: number, height: number): string[] {
  if (!batch.complete) return ['Reading what there is…'];
  const episodes = batch.episodes();
  const totals = batch.totals(nowMs);
  const [only] = episodes;
  const running = batch.running();
  if (only !== undefined && totals.episodes + totals.queued === 1)
    return episodeLines(only, totals, running, batch.downloadOf(only.episodeId));
  const atWork = episodes.filter((one) => !isOver(one) && one.status !== 'accepted').toSorted(byBegin);
  const room = Math.max(1, height - HEAD - 2);
  const rows = atWork.slice(0, room).map((one) => row(one, running));
  const more = atWork.length > room ? [`  and ${atWork.length - room} more at work`] : [];
  return [...totalsLines(totals), ...(rows.length > 0 ? ['', ...rows, ...more] : [])];
}

/** A line of counts, and one a stage. */
export function totalsLines(totals: Totals): string[] {
  const { download, transcribe, summarize } = totals.stages;
  const share = ({ secondsDone, secondsLeft }: Totals['stages']['download']): number =>
    secondsDone + secondsLeft > 0 ? secondsDone / (secondsDone + secondsLeft) : 1;
  const count = (stage: Totals['stages']['download']): string => `${stage.episodesDone} of ${stage.episodes} episodes`;
  const audio = `${clock(transcribe.secondsDone)} of ${clock(transcribe.secondsDone + transcribe.secondsLeft)}`;
  return [
    [countsText(totals), ...costText(totals)].join('  '),
    barLine('download', share(download), count(download)),
    barLine('transcribe', share(transcribe), [audio, ...paceText(totals)].join('  ')),
    barLine('summarize', share(summarize), count(summarize)),
  ];
}

const byBegin = (a: EpisodeWork, b: EpisodeWork): number => a.at.begun - b.at.begun;

function row(episode: EpisodeWork, running: Running): string {
  const { episodeId, status, chunks, held } = episode;
  const name = plainText(episodeId, 24).padEnd(24);
  const what = held === undefined ? plainText(episode.title ?? '', 60) : `waits: ${plainText(held, 100)}`;
  return `  ${name} ${status.padEnd(12)} ${progressOf(episode, running).padEnd(MAP)}  ${what}`.trimEnd();

  function progressOf({ episodeId: id }: EpisodeWork, { download, chunk }: Running): string {
    if (status === 'downloading') return bar(download(id), MAP / 2);
    return status === 'transcribing' && chunks !== '' ? chunkMap(chunks, (at) => chunk(id, at), MAP) : '';
  }
}
