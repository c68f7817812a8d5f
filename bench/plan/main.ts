/**
 * What so many episodes a day need, by simulation:
 *
 *     npm run plan                                          # 1,000 and 100,000 a day
 *     npm run plan -- --episodes 5000 --minutes 30 --engine 0.02 --on-time 1800
 *
 * `--engine`: seconds one engine needs for a second of audio. Measure yours with `podline doctor --tune`: it is the number
 * of engines over the "x real time" it prints.
 */
import { parseArgs } from 'node:util';
import { seeded } from '../limiter/random.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import { MEASURED } from './costs.ts';
import { type Plan, planDay } from './plan-day.ts';

const { values } = parseArgs({
  options: {
    episodes: { type: 'string', multiple: true, default: ['1000', '100000'] },
    minutes: { type: 'string', default: '40' },
    engine: { type: 'string', default: String(MEASURED.enginePerSecond) },
    'on-time': { type: 'string', default: '3600' },
  },
});
const costs = { ...MEASURED, enginePerSecond: Number(values.engine) };
const plans = values.episodes.map((episodes) =>
  planDay(
    { episodes: Number(episodes), medianMinutes: Number(values.minutes), random: seeded(1) },
    costs,
    Number(values['on-time']),
  ),
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
  `Episodes of ${values.minutes} minutes (median), half of them within four hours; 95 % done within ${minutes(Number(values['on-time']))}; an engine takes ${values.engine} s for a second of audio.\n`,
);
console.log(
  markdownTable(
    ['', ...values.episodes.map((episodes) => `${number(Number(episodes))} episodes a day`)],
    rows.map(([name, cell]) => [name, ...plans.map(cell)]),
  ),
);
