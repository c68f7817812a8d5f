import { MINUTE } from '#shared/config/defaults';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { bareEngines, cutByDownloader } from './bare-engines.ts';
import { withSpeechStack } from './speech-stack.ts';
import { speechEpisode } from './speech-episode.ts';
import { type TimedEpisode, timedEpisode } from './timed-episode.ts';
import { withFolder } from './with-folder.ts';

/** Six chunks of five minutes: they divide evenly among two. */
const MINUTES = 30;
const LIMIT_MS = 20 * MINUTE;
/** The best published figure for chunks in parallel at two workers. */
const AIM = 1.87;

const SETUPS = [
  { what: '1 replica, 1 worker', replicas: 1, workers: 1 },
  { what: '1 replica, 2 workers', replicas: 1, workers: 2 },
  { what: '2 replicas, 1 worker each', replicas: 2, workers: 1 },
] as const;

/** How one long episode spreads over engines, each of one thread, on two cores. */
export const spreading: Bench = {
  name: 'spread',
  title: `One episode of ${MINUTES} minutes over two engines`,
  run: (repetitions) => withFolder((folder) => compare(folder, repetitions)),
};

async function compare(folder: string, repetitions: number): Promise<BenchResult> {
  const episode = await speechEpisode(folder, MINUTES);
  const chunks = await cutByDownloader(episode);
  const runs: TimedEpisode[][] = SETUPS.map(() => []);
  const bare: { one: number; two: number }[] = [];
  for (let round = 0; round < repetitions; round++) {
    bare.push({ one: await bareEngines(chunks, 1), two: await bareEngines(chunks, 2) });
    for (const [at, setup] of SETUPS.entries()) runs[at]?.push(await transcribe(episode, setup));
  }
  const speedUps = (at: number, seconds: (one: TimedEpisode) => number): number[] =>
    (runs[at] ?? []).map((one, round) => {
      const single = runs[0]?.[round];
      return single === undefined ? Number.NaN : seconds(single) / seconds(one);
    });
  return {
    head: ['engines', 'published to transcript, s', 'of that transcribing, s'],
    rows: [
      ...(['one', 'two'] as const).map((engines) => [
        `${engines} bare`,
        '',
        bare.map((seconds) => seconds[engines].toFixed(1)).join(', '),
      ]),
      ...SETUPS.map(({ what }, at) => [
        what,
        (runs[at] ?? []).map(({ seconds }) => seconds.toFixed(1)).join(', '),
        (runs[at] ?? []).map(({ transcribeSeconds }) => transcribeSeconds.toFixed(1)).join(', '),
      ]),
    ],
    ratios: [
      { what: 'two bare engines are faster than one, times', values: bare.map(({ one, two }) => one / two) },
      ...[1, 2].flatMap((at) => [
        {
          what: `${SETUPS[at]?.what}: transcribing is faster, times`,
          values: speedUps(at, ({ transcribeSeconds }) => transcribeSeconds),
          aim: { atLeast: AIM },
        },
        {
          what: `${SETUPS[at]?.what}: the whole is faster, times`,
          values: speedUps(at, ({ seconds }) => seconds),
        },
      ]),
    ],
    notes: [
      'The whole includes fetching, decoding and cutting, which one replica does for one episode.',
      'Bare engines get the same chunks from a loop, and both cores for themselves.',
    ],
  };
}

function transcribe(episode: string, { replicas, workers }: (typeof SETUPS)[number]): Promise<TimedEpisode> {
  const env = { WHISPER_WORKERS: String(workers), WHISPER_THREADS: '1' };
  return withSpeechStack(episode, ['downloader', 'summarizer'], env, async (stack, url) => {
    for (let replica = 0; replica < replicas; replica++) await stack.start('transcriber-whisper');
    return timedEpisode(stack, { id: 'spread', url, options: { language: 'en' } }, LIMIT_MS);
  });
}
