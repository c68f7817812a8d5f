import { type EpisodeWork, isOver } from './episode-work.ts';

/** Length of an episode while none is known, in seconds. */
const GUESS_SECONDS = 1800;

/** How far running jobs are, by what they report themselves: 0 to 1. */
export interface Running {
  download: (episodeId: string) => number;
  chunk: (episodeId: string, chunk: number) => number;
  /** When something was last reported, in milliseconds since 1970; undefined where nothing was. */
  reportedAt: number | undefined;
}

/** What one stage has done and has to do, in seconds of audio. */
export interface StageWork {
  done: number;
  left: number;
  /** Of `left`, what is there and could be done now. */
  waiting: number;
  /** When there was work for it first, and when it last got something done; undefined while that has not been. */
  begunAt: number | undefined;
  lastAt: number | undefined;
  episodesDone: number;
  episodes: number;
}

export interface BatchWork {
  download: StageWork;
  /** By provider. */
  transcribe: ReadonlyMap<string, StageWork>;
  summarize: StageWork;
  /** Episodes that wait for their summary, or get it. */
  summarizing: number;
  /** Mean time from a complete transcript to the end, in seconds. */
  summarySeconds: number;
  /** What an episode of unknown length counts as, in seconds. */
  meanSeconds: number;
}

/**
 * Adds the episodes up.
 * @param unseen episodes that are queued and of which nothing else is known.
 */
export function batchWork(episodes: readonly EpisodeWork[], running: Running, unseen = 0): BatchWork {
  const known = episodes.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds]));
  const meanSeconds = known.length > 0 ? sum(known) / known.length : GUESS_SECONDS;
  const download = emptyStage();
  const transcribe = new Map<string, StageWork>();
  const summarize = emptyStage();
  const summaries: number[] = [];
  let summarizing = 0;
  for (const episode of episodes) {
    if (episode.status === 'failed' || episode.status === 'cancelled') continue;
    const seconds = episode.seconds ?? meanSeconds;
    const { downloaded, transcribed, finished, begun } = episode.at;
    add(download, seconds, downloadShare(episode, running), begun, downloaded);
    if (episode.transcribes) addTranscribing(stageOf(transcribe, episode.provider), episode, seconds, running);
    const summarized = episode.status === 'done';
    add(summarize, seconds, summarized ? 1 : 0, transcribed, summarized ? finished : undefined);
    if (episode.status === 'summarizing') {
      summarize.waiting += seconds;
      summarizing++;
    }
    if (summarized && finished !== undefined && transcribed !== undefined)
      summaries.push(Math.max(0, finished - transcribed) / 1000);
  }
  for (const stage of [download, stageOf(transcribe, ''), summarize]) {
    stage.left += unseen * meanSeconds;
    stage.episodes += unseen;
  }
  const summarySeconds = summaries.length > 0 ? sum(summaries) / summaries.length : 0;
  return { download, transcribe, summarize, summarizing, summarySeconds, meanSeconds };
}

/** Seconds of a chunk's episode are spread evenly: chunks are about equally long. */
function addTranscribing(stage: StageWork, episode: EpisodeWork, seconds: number, running: Running): void {
  const { chunks, chunksDone, status, at } = episode;
  const over = status === 'summarizing' || isOver(episode);
  let partly = 0;
  if (!over)
    for (const [index, mark] of [...chunks].entries())
      if (mark === '.') partly += running.chunk(episode.episodeId, index);
  const share = over ? 1 : chunks === '' ? 0 : (chunksDone + partly) / chunks.length;
  // Its state changes with each chunk, and hardly else.
  const stepped = chunksDone > 0 && at.downloaded !== undefined && at.changed > at.downloaded ? at.changed : undefined;
  add(stage, seconds, share, at.downloaded, over ? at.transcribed : stepped);
  if (partly > 0) stage.lastAt = latest(stage.lastAt, running.reportedAt);
}

function downloadShare({ status, episodeId }: EpisodeWork, running: Running): number {
  if (status === 'accepted') return 0;
  return status === 'downloading' ? running.download(episodeId) : 1;
}

function add(stage: StageWork, seconds: number, share: number, begun?: number, last?: number): void {
  stage.done += share * seconds;
  stage.left += (1 - share) * seconds;
  stage.episodes++;
  if (share === 1) stage.episodesDone++;
  stage.begunAt = begun === undefined ? stage.begunAt : Math.min(stage.begunAt ?? begun, begun);
  stage.lastAt = latest(stage.lastAt, last);
}

function stageOf(stages: Map<string, StageWork>, provider: string): StageWork {
  const stage = stages.get(provider) ?? emptyStage();
  stages.set(provider, stage);
  return stage;
}

const emptyStage = (): StageWork => ({
  done: 0,
  left: 0,
  waiting: 0,
  begunAt: undefined,
  lastAt: undefined,
  episodesDone: 0,
  episodes: 0,
});

const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  b === undefined ? a : Math.max(a ?? b, b);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
