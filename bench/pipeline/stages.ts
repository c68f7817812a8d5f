import { setTimeout as delay } from 'node:timers/promises';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import type { Lane, Queue } from '#shared/contracts/names';
import { jobStream, jobSubject } from '#shared/contracts/subjects';
import { connectNats, type NatsConnection } from '#shared/jetstream/connect';
import { ensureStreams } from '#shared/jetstream/streams';
import { startReplica } from '../../test/support/job-harness.ts';
import { type NatsServer, startNatsServer } from '../../test/support/nats-server.ts';
import { until } from '../../test/support/until.ts';
import { seeded } from '../limiter/random.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';

const EPISODES = 50;
const SLOTS = 4;
const LANE: Lane = 'normal';
const STAGES = ['download', 'transcribe-whisper', 'summarize'] as const satisfies readonly Queue[];
type Stage = (typeof STAGES)[number];

/** Everything an episode costs, in milliseconds: a list of jobs for each stage. */
type Episode = Record<Stage, number[]>;

/** Episodes flow as soon as they are ready: against the slowest stage, stage after stage, and one after another. */
export const stages: Bench = {
  name: 'stages',
  title: `${EPISODES} episodes through three stages of ${SLOTS} slots`,
  run: compare,
};

async function compare(repetitions: number): Promise<BenchResult> {
  const rows: string[][] = [];
  const toBound: number[] = [];
  const toBatches: number[] = [];
  const toOne: number[] = [];
  for (let round = 1; round <= repetitions; round++) {
    const episodes = drawEpisodes(round);
    const bound = Math.max(...STAGES.map((stage) => total(episodes, stage) / SLOTS));
    const alone = STAGES.reduce((sum, stage) => sum + total(episodes, stage), 0);
    const flowing = await runFlowing(episodes);
    const batches = await runInBatches(episodes);
    toBound.push(bound / flowing);
    toBatches.push(batches / flowing);
    toOne.push(alone / flowing);
    rows.push([String(round), ...[flowing, bound, batches, alone].map((ms) => (ms / 1000).toFixed(2))]);
  }
  return {
    head: ['round', 'podline, s', 'bound by the slowest stage, s', 'stage after stage, s', 'one at a time, s (sum)'],
    rows,
    ratios: [
      { what: 'bound / podline', values: toBound, aim: { atLeast: 0.95 } },
      { what: 'stage after stage / podline', values: toBatches },
      { what: 'one at a time / podline', values: toOne },
    ],
    notes: [
      'Real queues, slots and settling; the work is a pause. Downloads and summaries take log-normal times (median 400 and 150 ms, sigma 0.6: many short, few long), an episode has 3 to 9 chunks of 300 ms ± 20 %: one in a hundred of life-size.',
      'Stage after stage: the same jobs, each stage begun when the one before it has finished all episodes.',
    ],
  };
}

function drawEpisodes(seed: number): Episode[] {
  const random = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const logNormal = (medianMs: number): number => medianMs * Math.exp(0.6 * normal());
  return Array.from({ length: EPISODES }, () => ({
    download: [logNormal(400)],
    'transcribe-whisper': Array.from({ length: 3 + Math.floor(7 * random()) }, () => 300 * (0.8 + 0.4 * random())),
    summarize: [logNormal(150)],
  }));
}

const total = (episodes: readonly Episode[], stage: Stage): number =>
  episodes.flatMap((episode) => episode[stage]).reduce((sum, ms) => sum + ms, 0);

interface Work {
  episodeId: string;
  chunk?: number;
  ms: number;
}

class Stages {
  readonly #server: NatsServer;
  readonly #connection: NatsConnection;
  readonly #left: number[];
  readonly #episodes: readonly Episode[];

  private constructor(server: NatsServer, connection: NatsConnection, episodes: readonly Episode[]) {
    this.#server = server;
    this.#connection = connection;
    this.#episodes = episodes;
    this.#left = episodes.map((episode) => episode['transcribe-whisper'].length);
  }

  static async open(episodes: readonly Episode[]): Promise<Stages> {
    const server = await startNatsServer();
    const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: server.url }), 'bench');
    await ensureStreams(await connection.jetstreamManager(), streamConfigSchema.parse({}));
    return new Stages(server, connection, episodes);
  }

  /** @param onDone called behind each job, with its episode. */
  async serve(stage: Stage, onDone: (episode: number) => Promise<void>): Promise<() => Promise<void>> {
    const replica = await startReplica(
      this.#server.url,
      async (data) => {
        const { episodeId, ms } = JSON.parse(Buffer.from(data).toString('utf8')) as Work;
        await delay(ms);
        await onDone(Number(episodeId.slice('episode-'.length)));
      },
      { queue: stage, slots: SLOTS, idlePollMs: 500, ackWaitMs: 30_000 },
    );
    return replica.stop;
  }

  async publish(stage: Stage, episode: number): Promise<void> {
    const jobs = this.#episodes[episode]?.[stage] ?? [];
    for (const [chunk, ms] of jobs.entries()) {
      const work: Work = { episodeId: `episode-${episode}`, chunk, ms };
      await this.#connection.jetstream().publish(jobSubject(stage, LANE), JSON.stringify(work));
    }
  }

  /** @returns whether it was the episode's last chunk. */
  countChunk(episode: number): boolean {
    const left = (this.#left[episode] ?? 0) - 1;
    this.#left[episode] = left;
    return left === 0;
  }

  async untilEmpty(stage: Stage): Promise<void> {
    const { streams } = await this.#connection.jetstreamManager();
    await until(async () => (await streams.info(jobStream(stage))).state.messages === 0, `an empty ${stage}`, 300_000);
  }

  async close(): Promise<void> {
    await this.#connection.close();
    await this.#server.stop();
  }
}

/** @returns milliseconds until the last summary, with all stages at work at once. */
async function runFlowing(episodes: readonly Episode[]): Promise<number> {
  const line = await Stages.open(episodes);
  const finished = Promise.withResolvers<void>();
  let left = episodes.length;
  const stops = [
    await line.serve('download', (episode) => line.publish('transcribe-whisper', episode)),
    await line.serve('transcribe-whisper', async (episode) => {
      if (line.countChunk(episode)) await line.publish('summarize', episode);
    }),
    await line.serve('summarize', async () => {
      left--;
      if (left === 0) finished.resolve();
    }),
  ];
  const started = performance.now();
  for (const episode of episodes.keys()) await line.publish('download', episode);
  await finished.promise;
  const elapsed = performance.now() - started;
  await Promise.all(stops.map((stop) => stop()));
  await line.close();
  return elapsed;
}

/** @returns milliseconds until the last summary, each stage begun when the one before has ended. */
async function runInBatches(episodes: readonly Episode[]): Promise<number> {
  const line = await Stages.open(episodes);
  let elapsed = 0;
  for (const stage of STAGES) {
    const stop = await line.serve(stage, () => Promise.resolve());
    const started = performance.now();
    for (const episode of episodes.keys()) await line.publish(stage, episode);
    await line.untilEmpty(stage);
    elapsed += performance.now() - started;
    await stop();
  }
  await line.close();
  return elapsed;
}
