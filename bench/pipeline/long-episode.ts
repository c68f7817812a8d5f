import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE } from '#shared/config/defaults';
import { memoryOf } from '#shared/process/memory-of';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import { readEngineLog } from '../../test/chaos/engine-log.ts';
import { prepareFakeEngine } from '../../test/support/fake-models.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { withSpeechStack } from './speech-stack.ts';
import { speechEpisode } from './speech-episode.ts';
import { withFolder } from './with-folder.ts';

const HOURS = 3;
const POLL_MS = 100;

/** An episode of three hours: what it takes beside the engine. */
export const longEpisode: Bench = {
  name: 'long-episode',
  title: `An episode of ${HOURS} hours, an engine that only takes time`,
  run: () => withFolder(measure),
};

async function measure(folder: string): Promise<BenchResult> {
  const episode = await speechEpisode(folder, HOURS * 60);
  const log = join(folder, 'engine.log');
  const env = { ...(await prepareFakeEngine(folder)), FAKE_WHISPER_SPEED: '600', FAKE_WHISPER_LOG: log };
  const peaks = new Map<string, number>();
  const state = await withSpeechStack(episode, [], { ...env, WHISPER_WORKERS: '2' }, async (stack, url) => {
    const pids = new Map([['nats-server', stack.nats.pid]]);
    for (const name of SERVICES) pids.set(name, (await stack.start(name)).pid);
    await publishEpisode(stack.client, { id: 'long', url, options: { language: 'en' } });
    const deadline = performance.now() + 10 * MINUTE;
    for (;;) {
      const known = await stack.client.episodes.get('long');
      for (const [name, pid] of pids) peaks.set(name, await peakBytes(pid));
      if (known?.status === 'done' || known?.status === 'failed') return known;
      if (performance.now() > deadline) throw new Error(`The episode is still ${known?.status}.`);
      await delay(POLL_MS);
    }
  });
  if (state.status !== 'done') throw new Error(`The episode failed: ${JSON.stringify(state.errors)}`);
  const calls = await readEngineLog(log);
  const lastEnd = Math.max(...calls.map(({ ended = 0 }) => ended));
  const mergeSeconds = (Date.parse(state.at.transcribed ?? '') - lastEnd) / 1000;
  const services = [...peaks].filter(([name]) => name !== 'nats-server');
  return {
    head: ['process', 'peak memory, MB'],
    rows: [...peaks].map(([name, bytes]) => [name, (bytes / 1e6).toFixed(0)]),
    ratios: [
      { what: 'from the last chunk’s answer to the merged transcript, s', values: [mergeSeconds], aim: { atMost: 1 } },
      {
        what: 'largest service, MB',
        values: [Math.max(...services.map(([, bytes]) => bytes)) / 1e6],
        aim: { atMost: 250 },
      },
    ],
    notes: [
      `${state.chunks.length} chunks, ${Math.round(state.seconds ?? 0)} s of audio; from publishing to the summary ${((Date.parse(state.at.finished ?? '') - Date.parse(state.at.accepted)) / 1000).toFixed(0)} s.`,
      'nats-server caches what it stores; its memory follows its limits.',
    ],
  };
}

const peakBytes = async (pid: number): Promise<number> =>
  (await memoryOf(pid, 'VmHWM', (path) => readFile(path, 'utf8'))) ?? Number.NaN;
