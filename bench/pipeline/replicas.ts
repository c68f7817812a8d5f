import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MINUTE } from '#shared/config/defaults';
import { resumeEpisode } from '#shared/client/resume-episode';
import { readEngineLog } from '../../test/chaos/engine-log.ts';
import { prepareFakeEngine } from '../../test/support/fake-models.ts';
import type { ServiceStack } from '../../test/support/service-stack.ts';
import { tonePcm, wav } from '../../test/support/tone-episode.ts';
import { until } from '../../test/support/until.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { cutOnly } from './cut-only.ts';
import { withSpeechStack } from './speech-stack.ts';
import { withFolder } from './with-folder.ts';

const REPLICAS = [1, 2, 4, 8, 16, 32];
const CHUNK_SECONDS = 10;
/** Chunks for each replica: an episode as much longer as there are more of them. */
const TURNS = 10;
/** What the engine takes for a chunk, give or take a fifth: little work for each of many processes on few cores. */
const ENGINE_SECONDS = 2;
const ENGINE = { FAKE_WHISPER_SPEED: String(CHUNK_SECONDS / ENGINE_SECONDS), FAKE_WHISPER_JITTER: '0.2' };
/** Published for chunks in parallel: 3.52 times at 4 workers, 5.52 at 8. */
const AIMS: Record<number, number> = { 4: 0.93, 8: 0.9 };

/** How one episode spreads over more replicas than there are cores: real services, an engine that only takes time. */
export const replicas: Bench = {
  name: 'replicas',
  title: `One episode over up to ${REPLICAS.at(-1)} replicas, ${TURNS} chunks for each, an engine that takes ${ENGINE_SECONDS} s ± 20 % a chunk`,
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
  for (let round = 0; round < repetitions; round++) {
    for (const count of REPLICAS) {
      const log = join(folder, `engine-${round}-${count}.log`);
      const episode = join(folder, `tones-${count}.wav`);
      await writeFile(episode, wav(tonePcm(1, count * TURNS * CHUNK_SECONDS * 0.98)));
      const env = { ...engine, ...ENGINE, FAKE_WHISPER_LOG: log, WHISPER_WORKERS: '1' };
      const run = await withSpeechStack(episode, ['downloader', 'summarizer'], env, (stack, url) =>
        measure(stack, url, count, log),
      );
      // A run of the largest fleet may fail on a small machine: what was measured before it is not lost.
      console.error(`${count} replicas: ${run.seconds.toFixed(1)} s, efficiency ${run.efficiency.toFixed(3)}`);
      runs.get(count)?.push(run);
    }
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
  await cutOnly(stack, { id: 'tones', url, options: { chunkSeconds: CHUNK_SECONDS, language: 'en' } });
  // One after another: so many starting at once on few cores would not be ready in time.
  for (let replica = 0; replica < count; replica++) await stack.start('transcriber-whisper');
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
