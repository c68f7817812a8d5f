/**
 * What so many episodes a day need, by simulation:
 *
 *     npm run plan                                          # 1,000 and 100,000 a day
 *     npm run plan -- --episodes 5000 --minutes 30 --engine 0.02 --on-time 1800
 *
 * `--engine`: seconds one engine needs for a second of audio. Measure yours with `podline doctor --tune`: it is the number
 * of engines over the "x real time" it prints.
 */
import { Command, InvalidArgumentError } from 'commander';
import { seeded } from '../limiter/random.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import { MEASURED } from './costs.ts';
import { type Plan, planDay } from './plan-day.ts';

const above0 = (text: string): number => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
};
const options = new Command('npm run plan --')
  .description('What so many episodes a day need, by simulation.')
  .option(
    '--episodes <a day>',
    'may be given several times (default: 1000 and 100000)',
    (text, before: number[] | undefined) => [...(before ?? []), above0(text)],
  )
  .option('--minutes <median>', 'length of an episode', above0, 40)
  .option('--engine <seconds>', 'an engine needs for a second of audio', above0, MEASURED.enginePerSecond)
  .option('--on-time <seconds>', 'within which 95 % are to be done', above0, 3600)
  .parse()
  .opts<{ episodes?: number[]; minutes: number; engine: number; onTime: number }>();
const { episodes: perDay = [1000, 100_000] } = options;
const costs = { ...MEASURED, enginePerSecond: options.engine };
const plans = perDay.map((episodes) =>
  planDay({ episodes, medianMinutes: options.minutes, random: seeded(1) }, costs, options.onTime),
);
const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const gigabytes = (bytes: number): string => `${number(bytes / 1e9, 1)} GB`;
const minutes = (seconds: number): string => `${number(seconds / 60, 1)} min`;
const rows: [string, (plan: Plan) => string][] = [
  ['audio a day', ({ audioHours }) => `${number(audioHours)} h`],
  ['chunks a day', ({ chunks }) => number(chunks)],
  ['download slots', ({ slots }) => number(slots.download)],
  ['engines', ({ slots }) => number(slots.transcribe)],
  ['summary slots', ({ slots }) => number(slots.summarize)],
  ['done after, median', ({ medianSeconds }) => minutes(medianSeconds)],
  ['done after, 95 %', ({ p95Seconds }) => minutes(p95Seconds)],
  ['engines at work', ({ engineUse }) => `${number(100 * engineUse)} %`],
  ['audio stored, at most', ({ peakAudioBytes }) => gigabytes(peakAudioBytes)],
  ['results stored, a day', ({ resultBytesPerDay }) => gigabytes(resultBytesPerDay)],
  ['messages stored a second', ({ messagesPerSecond }) => number(messagesPerSecond, 1)],
  ['or an API, requests a minute', ({ apiRequestsPerMinute }) => number(apiRequestsPerMinute, 1)],
];
console.log(
  `Episodes of ${options.minutes} minutes (median), half of them within four hours; 95 % done within ${minutes(options.onTime)}; an engine takes ${options.engine} s for a second of audio.\n`,
);
console.log(
  markdownTable(
    ['', ...perDay.map((episodes) => `${number(episodes)} episodes a day`)],
    rows.map(([name, cell]) => [name, ...plans.map(cell)]),
  ),
);
