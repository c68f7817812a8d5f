import { join } from 'node:path';
import { MINUTE } from '#shared/config/defaults';
import { resumeEpisode } from '#shared/client/resume-episode';
import { jobStream } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { readEngineLog } from '../../test/chaos/engine-log.ts';
import { prepareFakeEngine } from '../../test/support/fake-models.ts';
import { body, startMediaServer } from '../../test/support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../../test/support/service-stack.ts';
import { tonePcm, wav } from '../../test/support/tone-episode.ts';
import { until } from '../../test/support/until.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { withFolder } from './with-folder.ts';

const REPLICAS = [1, 2, 4, 8, 16, 32];
const CHUNK_SECONDS = 10;
/** Enough for six turns of the largest fleet. */
const CHUNKS = 192;
/** An engine that takes half a second a chunk, give or take a fifth. */
const ENGINE = { FAKE_WHISPER_SPEED: String(2 * CHUNK_SECONDS), FAKE_WHISPER_JITTER: '0.2' };
/** Published for chunks in parallel: 3.52 times at 4 workers, 5.52 at 8. */
const AIMS: Record<number, number> = { 4: 0.93, 8: 0.9 };

/** How one episode spreads over more replicas than there are cores: real services, an engine that only takes time. */
export const replicas: Bench = {
  name: 'replicas',
  title: `${CHUNKS} chunks over up to ${REPLICAS.at(-1)} replicas, an engine that takes 0.5 s ± 20 % a chunk`,
  run: (repetitions) => withFolder((folder) => compare(folder, repetitions)),
};

interface Run {
  seconds: number;
  /** Engine time over the time all replicas had. */
  efficiency: number;
}

async function compare(folder: string, repetitions: number): Promise<BenchResult> {
  const runs = new Map<number, Run[]>(REPLICAS.map((count) => [count, []]));
  const engine = await prepareFakeEngine(folder);
  const audio = wav(tonePcm(1, CHUNKS * CHUNK_SECONDS * 0.98));
  const media = await startMediaServer({ '/tones.wav': body(audio, 'audio/wav') });
  try {
    for (let round = 0; round < repetitions; round++) {
      for (const count of REPLICAS) {
        const log = join(folder, `engine-${round}-${count}.log`);
        const env = { ...engine, ...ENGINE, FAKE_WHISPER_LOG: log, WHISPER_WORKERS: '1' };
        const stack = await startServiceStack({ ...env, DOWNLOAD_ALLOW_HOSTS: media.host, MIN_CHUNK_SECONDS: '10' }, [
          'downloader',
          'summarizer',
        ]);
        try {
          runs.get(count)?.push(await measure(stack, media.url('/tones.wav'), count, log));
        } finally {
          await stack.stop();
        }
      }
    }
  } finally {
    await media.close();
  }
  return {
    head: ['replicas', 'seconds', 'efficiency'],
    rows: REPLICAS.map((count) => [
      String(count),
      (runs.get(count) ?? []).map(({ seconds }) => seconds.toFixed(1)).join(', '),
      (runs.get(count) ?? []).map(({ efficiency }) => efficiency.toFixed(3)).join(', '),
    ]),
    ratios: REPLICAS.map((count) => ({
      what: `efficiency at ${count}`,
      values: (runs.get(count) ?? []).map(({ efficiency }) => efficiency),
      ...(AIMS[count] === undefined ? {} : { aim: { atLeast: AIMS[count] } }),
    })),
    notes: [
      'Efficiency: engine time of all chunks over replicas × time from the first chunk’s start to the last one’s end. What is missing is pulling, storing, counting, and the idle end of the last turn.',
    ],
  };
}

/** All replicas are ready before the jobs come: cut without them, forget the jobs, start them, resume. */
async function measure(stack: ServiceStack, url: string, count: number, log: string): Promise<Run> {
  const { client } = stack;
  await publishEpisode(client, { id: 'tones', url, options: { chunkSeconds: CHUNK_SECONDS, language: 'en' } });
  await until(async () => (await client.episodes.get('tones'))?.status === 'transcribing', 'the cut', 5 * MINUTE);
  const connection = await connectNats({ NATS_URL: stack.nats.url }, 'bench');
  await (await connection.jetstreamManager()).streams.purge(jobStream('transcribe-whisper'));
  await connection.close();
  await Promise.all(Array.from({ length: count }, () => stack.start('transcriber-whisper')));
  const state = await client.episodes.get('tones');
  if (state === undefined) throw new Error('The episode has no state.');
  await resumeEpisode(client, state);
  const complete = async (): Promise<boolean> => (await client.episodes.get('tones'))?.at.transcribed !== undefined;
  await until(complete, 'the transcript', 10 * MINUTE);
  const calls = await readEngineLog(log);
  const from = Math.min(...calls.map(({ at }) => at));
  const to = Math.max(...calls.map(({ ended = 0 }) => ended));
  const work = calls.reduce((sum, { at, ended = at }) => sum + ended - at, 0);
  return { seconds: (to - from) / 1000, efficiency: work / (count * (to - from)) };
}
