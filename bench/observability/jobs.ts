import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { jobStream } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { ensureStreams } from '#shared/jetstream/streams';
import { startNatsServer } from '../../test/support/nats-server.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { fillQueue } from './fill-queue.ts';
import { SPEED_COLUMNS, speedRows, stageSpeed } from './stage-speed.ts';

/** Enough that warming up the code is little of it. */
const JOBS = 20_000;
const SIDES = [
  ['bare loop', 'bare-loop'],
  ['podline', 'no-op-stage'],
] as const;

/** What lanes, deadlines, signs of life and settling cost a job, which shows where the work itself is nothing. */
export const jobs: Bench = {
  name: 'jobs',
  title: `A stage that does nothing, ${JOBS} jobs, eight slots, against a bare pull loop`,
  run: compare,
};

async function compare(repetitions: number): Promise<BenchResult> {
  const nats = await startNatsServer();
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'bench');
  const speeds = { 'bare loop': [] as number[], podline: [] as number[] };
  try {
    const jsm = await connection.jetstreamManager();
    for (let round = 0; round < repetitions; round++) {
      for (const [side, script] of SIDES) {
        // A work queue lets nobody else filter what a stage's own consumers do: each side finds a queue without any.
        await jsm.streams.delete(jobStream('summarize')).catch(() => undefined);
        await ensureStreams(jsm, streamConfigSchema.parse({}));
        await fillQueue(connection, JOBS, `${round} ${side}`);
        speeds[side].push(await stageSpeed(script, nats.url, JOBS));
      }
    }
  } finally {
    await connection.close();
    await nats.stop();
  }
  return {
    head: SPEED_COLUMNS,
    rows: speedRows(Object.entries(speeds)),
    ratios: [
      {
        what: 'podline / bare loop, jobs/s',
        values: speeds.podline.map((value, round) => value / (speeds['bare loop'][round] ?? Number.NaN)),
        aim: { atLeast: 0.85 },
      },
    ],
    notes: [
      'Both take one job a pull without waiting, and have every ack confirmed by the server. The bare loop has the client’s default settings.',
    ],
  };
}
