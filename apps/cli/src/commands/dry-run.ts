import { downloaderConfigSchema } from '#shared/config/downloader';
import { loadConfig } from '#shared/config/load';
import { summarizerConfigSchema } from '#shared/config/summarizer';
import type { EpisodeOptions } from '#shared/contracts/episode-request';
import {
  type EpisodePlan,
  estimateEpisodes,
  type EpisodesEstimate,
  timeUnderLimits,
} from '#shared/rate-limit/estimate-episodes';
import type { Limits } from '#shared/rate-limit/limits';
import { priceOf } from '#shared/rate-limit/prices';
import { transcriptionModel } from '#shared/transcription/openai-models';
import { EXIT } from '../exit-codes.ts';
import { type MeasuredSource, measureSource } from '../measure-source.ts';
import { withSession } from '../open-session.ts';
import { money } from './budget.ts';

export interface DryRunOptions {
  latest: number;
  /** Length of each episode, instead of looking. */
  minutes: number | undefined;
  json: boolean;
}

/** `podline submit --dry-run`: what it would ask of paid APIs, what that costs, and how long the limits make it take. */
export async function dryRun(source: string, wanted: EpisodeOptions, options: DryRunOptions): Promise<number> {
  const downloader = loadConfig(downloaderConfigSchema);
  const summarizer = loadConfig(summarizerConfigSchema);
  const plan = planOf(wanted, downloader, summarizer);
  const sources = await measureSource(source, options.latest, options.minutes);
  const measured = sources.filter((one) => one.seconds !== undefined);
  const estimate = estimateEpisodes(
    measured.map(({ seconds = 0 }) => ({ seconds })),
    plan,
  );
  return withSession(async ({ limits, budget }) => {
    const reports = await limits.show().catch(() => []);
    const overview = await budget.show().catch(() => undefined);
    const limitsOf = (kind: string): Limits | undefined =>
      reports.find(({ endpoint }) => endpoint === `${summarizer.OPENAI_ACCOUNT}.${kind}`)?.limits;
    const time = {
      transcription: timeUnderLimits(estimate, 'transcription', limitsOf('transcription')),
      summary: timeUnderLimits(estimate, 'summary', limitsOf('summaries')),
    };
    const all = overview?.all;
    const left = all?.budget === undefined ? undefined : Math.max(0, all.budget - all.spent - all.underWay);
    if (options.json) console.log(JSON.stringify({ plan, sources, estimate, time, budgetLeft: left }, undefined, 2));
    else console.log([...sourceLines(sources), '', ...describe(estimate, plan, time, left)].join('\n'));
    return EXIT.done;
  });
}

function planOf(
  wanted: EpisodeOptions,
  downloader: ReturnType<typeof loadConfig<typeof downloaderConfigSchema>>,
  summarizer: ReturnType<typeof loadConfig<typeof summarizerConfigSchema>>,
): EpisodePlan {
  const provider = wanted.provider ?? downloader.DEFAULT_PROVIDER;
  const model = wanted.model ?? downloader.OPENAI_TRANSCRIBE_MODELS[0] ?? 'whisper-1';
  const chunkSeconds = Math.min(
    wanted.chunkSeconds ?? downloader.OPENAI_CHUNK_SECONDS,
    transcriptionModel(model).maxSeconds ?? Infinity,
  );
  const summary = wanted.summary?.provider ?? downloader.DEFAULT_SUMMARY_PROVIDER;
  return {
    transcription: provider === 'openai' ? { model, chunkSeconds } : undefined,
    summary: summary === 'openai' ? { model: wanted.summary?.model ?? summarizer.OPENAI_SUMMARY_MODEL } : undefined,
  };
}

function sourceLines(sources: readonly MeasuredSource[]): string[] {
  return sources.map(({ title, seconds, by }) => {
    const length =
      seconds === undefined ? 'length unknown, left out: give --minutes' : `${(seconds / 60).toFixed(1)} min (${by})`;
    return `${title}  ${length}`;
  });
}

function describe(
  estimate: EpisodesEstimate,
  { transcription, summary }: EpisodePlan,
  time: Record<'transcription' | 'summary', { seconds: number; by: string }>,
  left: number | undefined,
): string[] {
  const { dollars } = estimate;
  const total =
    dollars.transcription === undefined || dollars.summary === undefined
      ? undefined
      : dollars.transcription + dollars.summary;
  const rows: [string, string][] = [
    ['episodes', `${estimate.episodes}, ${estimate.audioMinutes.toFixed(1)} minutes of audio`],
    [
      'transcription',
      transcription
        ? `${transcription.model}: ${estimate.transcription.requests} requests, ${price(dollars.transcription)}, ${about(time.transcription)}`
        : 'by whisper on your own machines: no paid calls',
    ],
    [
      'summaries',
      summary
        ? `${summary.model}: ${estimate.summary.requests} requests, ${tokens(estimate)}, ${price(dollars.summary)}, ${about(time.summary)}`
        : 'by no paid API',
    ],
    ['together', price(total)],
    ...(left === undefined
      ? []
      : [
          ['budget', `${money(left)} left this month${total !== undefined && total > left ? ': not enough' : ''}`] as [
            string,
            string,
          ],
        ]),
    ...[transcription?.model, summary?.model].flatMap((model): [string, string][] => {
      const known = model === undefined ? undefined : priceOf(model);
      return model === undefined || !known ? [] : [['price of', `${model}: ${known.source}, ${known.asOf}`]];
    }),
  ];
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}`);
}

const tokens = ({ summary }: EpisodesEstimate): string =>
  `${summary.inputTokens} tokens in, about ${summary.answerTokens} out`;

const price = (dollars: number | undefined): string =>
  dollars === undefined ? 'price unknown' : `about ${money(dollars)}`;

function about({ seconds, by }: { seconds: number; by: string }): string {
  const length =
    seconds < 90
      ? `${Math.ceil(seconds)} s`
      : seconds < 5400
        ? `${Math.ceil(seconds / 60)} min`
        : `${(seconds / 3600).toFixed(1)} h`;
  return `at least ${length} (${by})`;
}
