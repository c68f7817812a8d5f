import type { Progress } from '#shared/contracts/events';
import type { EpisodeWork } from '../batch/episode-work.ts';
import type { Running } from '../batch/stage-work.ts';
import type { Totals } from '../batch/totals.ts';
import { plainText } from '../plain-text.ts';
import { barLine } from './bar.ts';
import { chunkMap } from './chunk-map.ts';
import { clock } from './clock.ts';
import { paceText } from './totals-text.ts';

/** Columns a map of chunks may take. */
const MAP = 60;

/** One episode: a line a stage, and a map of its chunks. */
export function episodeLines(
  episode: EpisodeWork,
  totals: Totals,
  running: Running,
  download: Progress | undefined,
): string[] {
  const { chunks, held } = episode;
  const map =
    chunks.length > 1 ? [`  chunks      ${chunkMap(chunks, (at) => running.chunk(episode.episodeId, at), MAP)}`] : [];
  return [
    downloadLine(episode, download),
    transcribeLine(episode, totals),
    ...map,
    barLine('summarize', episode.status === 'done' ? 1 : 0, ''),
    ...(held === undefined ? [] : [`  waits       ${plainText(held, 200)}`]),
  ];
}

function downloadLine({ at, seconds, chunks }: EpisodeWork, download: Progress | undefined): string {
  if (at.downloaded !== undefined && seconds !== undefined)
    return barLine('download', 1, `${clock(seconds)} of audio in ${chunks.length} chunks`);
  if (!download) return barLine('download', 0, '');
  const { stage, done, total } = download;
  const detail =
    stage === 'download' ? `${(done / 1e6).toFixed(1)}${total ? ` of ${(total / 1e6).toFixed(1)}` : ''} MB` : stage;
  return barLine('download', Math.min(0.99, total ? done / total : 0), detail);
}

function transcribeLine({ chunks, chunksDone, status }: EpisodeWork, totals: Totals): string {
  if (status === 'summarizing' || status === 'done')
    return barLine('transcribe', 1, `chunk ${chunksDone}/${chunks.length}`);
  if (chunks === '') return barLine('transcribe', 0, '');
  const { secondsDone, secondsLeft } = totals.stages.transcribe;
  const share = secondsDone + secondsLeft > 0 ? secondsDone / (secondsDone + secondsLeft) : 0;
  return barLine(
    'transcribe',
    Math.min(0.99, share),
    [`chunk ${chunksDone}/${chunks.length}`, ...paceText(totals)].join('  '),
  );
}
