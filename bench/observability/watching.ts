import { headers, type MsgHdrs } from 'nats';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { connectNats } from '#shared/jetstream/connect';
import { ensureStreams } from '#shared/jetstream/streams';
import { startNatsServer } from '../../test/support/nats-server.ts';
import { startTraceReceiver } from '../../test/support/trace-receiver.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { fillQueue } from './fill-queue.ts';
import { SPEED_COLUMNS, speedRows, stageSpeed } from './stage-speed.ts';

const JOBS = 3000;
const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** What metrics and traces cost a stage whose jobs cost nothing, which is where they weigh most. */
export const watching: Bench = {
  name: 'watching',
  title: `A stage that does nothing, ${JOBS} jobs, eight slots: what watching it costs`,
  run: compare,
};

async function compare(repetitions: number): Promise<BenchResult> {
  const nats = await startNatsServer();
  const receiver = await startTraceReceiver();
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'bench');
  const sides = {
    bare: [],
    metrics: ['metrics'],
    'metrics and traces': ['metrics', `tracing=${receiver.endpoint}`],
  };
  const speeds = new Map<string, number[]>(Object.keys(sides).map((side) => [side, []]));
  try {
    await ensureStreams(await connection.jetstreamManager(), streamConfigSchema.parse({}));
    for (let round = 0; round < repetitions; round++) {
      for (const [side, args] of Object.entries(sides)) {
        // Jobs as a traced stage publishes them: all sides find the same.
        await fillQueue(connection, JOBS, `${round} ${side}`, traced);
        speeds.get(side)?.push(await stageSpeed('no-op-stage', nats.url, JOBS, args));
      }
    }
  } finally {
    await connection.close();
    await receiver.close();
    await nats.stop();
  }
  const bare = speeds.get('bare') ?? [];
  return {
    head: SPEED_COLUMNS,
    rows: speedRows(speeds),
    ratios: [...speeds].slice(1).map(([side, values]) => ({
      what: `${side} / bare, jobs/s`,
      values: values.map((value, round) => value / (bare[round] ?? Number.NaN)),
    })),
    notes: [
      `${receiver.spans.length} spans arrived of ${JOBS * repetitions} jobs traced; a span that nobody has room for is dropped, never waited for.`,
    ],
  };
}

function traced(): MsgHdrs {
  const made = headers();
  made.set('traceparent', TRACEPARENT);
  return made;
}
