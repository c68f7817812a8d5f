import { z } from 'zod';
import { sumCosts } from '#shared/contracts/cost';
import { EPISODE_STATUSES } from '#shared/contracts/episode-state';
import { type EpisodeWork, isOver } from './episode-work.ts';
import { estimate } from './estimate.ts';
import { batchWork, type Running, type StageWork } from './stage-work.ts';

const stageSchema = z
  .object({
    episodes: z.int().describe('Episodes that pass this stage'),
    episodesDone: z.int().describe('Those that have passed it'),
    secondsDone: z.number().describe('Seconds of audio that have passed it'),
    secondsLeft: z.number().describe('Seconds of audio that have not; unknown lengths estimated'),
  })
  .describe('One stage');

/** What `status --json` and `watch --json` tell of many episodes together. */
export const totalsSchema = z.object({
  episodes: z.int().describe('How many there are'),
  byStatus: z.partialRecord(z.enum(EPISODE_STATUSES), z.int()).describe('How many of each status; none of others'),
  queued: z.int().describe('Besides, what waits for its download and was published without the CLI'),
  audioSeconds: z.number().describe('Length of all audio; lengths that are still to be known estimated'),
  stages: z
    .object({ download: stageSchema, transcribe: stageSchema, summarize: stageSchema })
    .describe('How far each stage is'),
  rate: z.number().optional().describe('Seconds of audio transcribed a second, since the batch began'),
  etaSeconds: z.number().optional().describe('Seconds until all are finished; absent while nothing tells'),
  dollars: z.number().optional().describe('What paid calls have cost so far; absent where there were none'),
  unpricedCalls: z.int().optional().describe('Paid calls whose price is not known, so not in dollars'),
});
export type Totals = z.infer<typeof totalsSchema>;

const NOTHING_RUNNING: Running = { download: () => 0, chunk: () => 0, reportedAt: undefined };

/** Adds up a batch. @param queued episodes of which nothing is known but that they wait. */
export function totalsOf(
  episodes: readonly EpisodeWork[],
  nowMs: number,
  running: Running = NOTHING_RUNNING,
  queued = 0,
): Totals {
  const work = batchWork(episodes, running, queued);
  const { rate, etaSeconds } = estimate(work, nowMs);
  const byStatus: Totals['byStatus'] = {};
  for (const { status } of episodes) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const costs = episodes.flatMap(({ cost }) => cost);
  const priced = sumCosts(costs.filter(({ dollars }) => dollars !== undefined));
  const unpriced = sumCosts(costs.filter(({ dollars }) => dollars === undefined));
  return {
    episodes: episodes.length,
    byStatus,
    queued,
    audioSeconds: episodes.reduce((sum, one) => sum + (one.seconds ?? (isOver(one) ? 0 : work.meanSeconds)), 0),
    stages: {
      download: shown([work.download]),
      transcribe: shown([...work.transcribe.values()]),
      summarize: shown([work.summarize]),
    },
    ...(rate === undefined ? {} : { rate }),
    ...(etaSeconds === undefined ? {} : { etaSeconds }),
    ...(priced?.dollars === undefined ? {} : { dollars: priced.dollars }),
    ...(unpriced === undefined ? {} : { unpricedCalls: unpriced.calls }),
  };
}

function shown(stages: readonly StageWork[]): Totals['stages']['download'] {
  const sum = (of: (stage: StageWork) => number): number => stages.reduce((total, stage) => total + of(stage), 0);
  return {
    episodes: sum(({ episodes }) => episodes),
    episodesDone: sum(({ episodesDone }) => episodesDone),
    secondsDone: sum(({ done }) => done),
    secondsLeft: sum(({ left }) => left),
  };
}
