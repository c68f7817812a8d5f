import { setTimeout as delay } from 'node:timers/promises';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { DAY } from '#shared/config/defaults';
import { BatchOrder, type Standing, turnOf } from '#shared/contracts/turn';
import { connectNats } from '#shared/jetstream/connect';
import { Publisher } from '#shared/jetstream/publish';
import { ensureStreams } from '#shared/jetstream/streams';
import { startReplica } from '../../test/support/job-harness.ts';
import { startNatsServer } from '../../test/support/nats-server.ts';
import { seeded } from '../limiter/random.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';

/** How many episodes each feed brings: polled one after another, newest first, a week between two of them. */
const FEEDS = [12, 8, 5, 3, 2] as const;
/** Lengths in minutes, and how many of a hundred episodes have them. */
const LENGTHS = [
  { from: 3, to: 10, share: 15 },
  { from: 10, to: 20, share: 15 },
  { from: 20, to: 40, share: 31 },
  { from: 40, to: 60, share: 22 },
  { from: 60, to: 180, share: 17 },
] as const;
const CHUNK_SECONDS = 300;
const REPLICAS = 2;
const SLOTS = 2;
/** Audio an engine works off in a second. */
const SPEED = 20;
/** A second of the bench stands for this many. */
const SCALE = 60;

interface Episode extends Standing {
  seconds: number;
  feed: number;
}

/** What the order of work does for a batch, against first come, first served. */
export const order: Bench = {
  name: 'order',
  title: `${FEEDS.reduce<number>((sum, episodes) => sum + episodes, 0)} episodes of mixed length from ${FEEDS.length} feeds, through ${REPLICAS} replicas`,
  run: compare,
};

async function compare(repetitions: number): Promise<BenchResult> {
  const rows: string[][] = [];
  const ratios = { mean: [] as number[], p95: [] as number[], first: [] as number[], wait: [] as number[] };
  for (let round = 1; round <= repetitions; round++) {
    const episodes = drawEpisodes(round);
    // At the same time, each with a NATS and replicas of its own, so that a slow minute meets both: they wait, and use no CPU.
    const [fifo, turns] = await Promise.all([
      work(episodes, () => 0).then((passages) => figures(episodes, passages)),
      work(episodes, (episode) => turnOf(episode, Date.now())).then((passages) => figures(episodes, passages)),
    ]);
    for (const [name, { mean, p95, first, wait, all }] of Object.entries({ 'as they come': fifo, 'by turns': turns })) {
      rows.push([String(round), name, ...[mean, p95, first, wait, all].map((minutes) => minutes.toFixed(1))]);
    }
    ratios.mean.push(fifo.mean / turns.mean);
    ratios.p95.push(fifo.p95 / turns.p95);
    ratios.first.push(fifo.first / turns.first);
    ratios.wait.push(fifo.wait / turns.wait);
  }
  return {
    head: [
      'round',
      'order',
      'mean completion, min',
      'p95 completion, min',
      'each feed’s newest, mean, min',
      'longest wait for the first chunk, min',
      'all done, min',
    ],
    rows,
    ratios: [
      { what: 'mean completion, as they come / by turns', values: ratios.mean },
      { what: 'p95 completion, as they come / by turns', values: ratios.p95 },
      { what: 'completion of each feed’s newest, as they come / by turns', values: ratios.first },
      { what: 'longest wait, as they come / by turns', values: ratios.wait },
    ],
    notes: [
      `Real queues, replicas, slots and turns; transcribing is a pause as long as an engine of ${SPEED} times real time takes, ${REPLICAS} replicas of ${SLOTS} slots. ${SCALE} times as fast as life; the figures are life-size.`,
      `Of a hundred episodes ${LENGTHS.map(({ from, to, share }) => `${share} have ${from} to ${to} minutes`).join(', ')}. All are there at the beginning, feed after feed (${FEEDS.join(', ')} episodes, newest first, weekly). As they come: everything in turn 0. Both orders run side by side.`,
    ],
  };
}

function drawEpisodes(seed: number): Episode[] {
  const random = seeded(seed);
  const length = (): number => {
    let share = 100 * random();
    const { from, to } = LENGTHS.find((bucket) => (share -= bucket.share) < 0) ?? LENGTHS[0];
    return 60 * (from + (to - from) * random());
  };
  return FEEDS.flatMap((count, feed) => {
    const batch = new BatchOrder();
    return Array.from({ length: count }, (_, index) => {
      const seconds = length();
      const publishedAt = new Date(Date.now() - (7 * index + 1) * DAY).toISOString();
      return { seconds, feed, publishedAt, ...batch.next({ seconds }) };
    });
  });
}

/** When an episode's first chunk was begun, and its last was done; in minutes of life. */
interface Passage {
  begun: number;
  done: number;
}

async function work(episodes: readonly Episode[], turn: (episode: Episode) => ReturnType<typeof turnOf>) {
  const nats = await startNatsServer();
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'bench');
  await ensureStreams(await connection.jetstreamManager(), streamConfigSchema.parse({}));
  const chunks = episodes.map(({ seconds }) => Math.ceil(seconds / CHUNK_SECONDS));
  const passages: Passage[] = episodes.map(() => ({ begun: Infinity, done: 0 }));
  const left = [...chunks];
  const finished = Promise.withResolvers<void>();
  let started = 0;
  const minutes = (): number => ((performance.now() - started) * SCALE) / 60_000;
  const publisher = new Publisher(connection.jetstream());
  for (const [index, episode] of episodes.entries()) {
    for (let chunk = 0; chunk < (chunks[index] ?? 0); chunk++) {
      const episodeId = `episode-${index}`;
      const options = { lane: 'normal', turn: turn(episode), episodeId, messageId: `${index}.${chunk}` } as const;
      await publisher.job('transcribe-whisper', { episodeId, chunk } as never, options);
    }
  }
  started = performance.now();
  const replicas = await Promise.all(
    Array.from({ length: REPLICAS }, () =>
      startReplica(
        nats.url,
        async (_, { identity }) => {
          const index = Number(identity.episodeId.slice('episode-'.length));
          const passage = passages[index];
          const seconds = (episodes[index]?.seconds ?? 0) / (chunks[index] ?? 1);
          if (passage) passage.begun = Math.min(passage.begun, minutes());
          await delay((1000 * seconds) / SPEED / SCALE);
          if (passage) passage.done = minutes();
          left[index] = (left[index] ?? 0) - 1;
          if (left.every((one) => one === 0)) finished.resolve();
        },
        { queue: 'transcribe-whisper', slots: SLOTS, idlePollMs: 500, ackWaitMs: 30_000 },
      ),
    ),
  );
  await finished.promise;
  await Promise.all(replicas.map(({ stop }) => stop()));
  await connection.close();
  await nats.stop();
  return passages;
}

function figures(episodes: readonly Episode[], passages: readonly Passage[]) {
  const done = passages.map((passage) => passage.done).toSorted((a, b) => a - b);
  const newest = passages.filter((_, index) => episodes[index]?.feed !== episodes[index - 1]?.feed);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean: mean(done),
    p95: done[Math.ceil(0.95 * done.length) - 1] ?? 0,
    first: mean(newest.map((passage) => passage.done)),
    wait: Math.max(...passages.map(({ begun }) => begun)),
    all: done.at(-1) ?? 0,
  };
}
