import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { transcriptKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { RESULTS_BUCKET } from '#shared/contracts/subjects';
import { connectNats, type NatsConnection } from '#shared/jetstream/connect';
import { ensureStreams } from '#shared/jetstream/streams';
import { ensureBucket } from '#shared/storage/ensure-bucket';
import { EpisodeStore } from '#shared/storage/episode-store';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import { toVtt } from '#shared/transcription/formats/to-vtt';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { startNatsServer } from '../../test/support/nats-server.ts';
import { longTranscript } from '../eval/summaries/long-transcript.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { median } from '../suite/statistics.ts';

/** Of an hour each. */
const TRANSCRIPTS = 1000;
/** One in so many has the rare phrase. */
const RARE = 100;
const AT_ONCE = 16;
const QUERIES = { 'a phrase one in a hundred has': '"harbour pilot" Saturday', 'two words all have': 'what time' };

/** `podline search` over all transcripts, as a person runs it: a process that starts, reads them all, and ends. */
export const searching: Bench = {
  name: 'search',
  title: `podline search over ${TRANSCRIPTS} transcripts of an hour`,
  run: measure,
};

async function measure(repetitions: number): Promise<BenchResult> {
  const nats = await startNatsServer();
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'bench');
  try {
    const bytes = await fill(connection);
    const rows: string[][] = [];
    for (const [what, query] of Object.entries(QUERIES)) {
      const runs: Searched[] = [];
      for (let round = 0; round < repetitions; round++) runs.push(await searchOnce(nats.url, query));
      rows.push([
        what,
        String(runs[0]?.hits ?? 0),
        median(runs.map(({ seconds }) => seconds)).toFixed(2),
        `${(Math.max(...runs.map(({ memory }) => memory)) / 1e6).toFixed(0)} MB`,
      ]);
    }
    return {
      head: ['query', 'passages shown', 'seconds, median', 'memory, most'],
      rows,
      ratios: [],
      notes: [`${(bytes / 1e6).toFixed(1)} MB of subtitles; with the start of the command.`],
    };
  } finally {
    await connection.close();
    await nats.stop();
  }
}

/** @returns bytes stored. */
async function fill(connection: NatsConnection): Promise<number> {
  const jsm = await connection.jetstreamManager();
  await ensureStreams(jsm, streamConfigSchema.parse({}));
  await ensureBucket(jsm, { bucket: RESULTS_BUCKET, replicas: 1, maxBytes: 0 });
  const results = new ObjectStoreBlobs(connection, RESULTS_BUCKET);
  const episodes = new EpisodeStore(connection);
  const segments = longTranscript(1).segments.map((segment) => ({ ...segment, chunk: 0 }));
  const usual = Buffer.from(toVtt({ segments }));
  const said = { start: 3600, end: 3604, text: 'On Saturday the harbour pilot is on holiday.', chunk: 0 };
  const rare = Buffer.from(toVtt({ segments: [...segments, said] }));
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < TRANSCRIPTS) {
      const index = next++;
      const state = finished(index);
      await results.put(transcriptKey(state.episodeId, 'vtt'), index % RARE === 0 ? rare : usual);
      await episodes.update(state.episodeId, () => state);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return TRANSCRIPTS * usual.length;
}

function finished(index: number): EpisodeState {
  const at = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
  return {
    v: 1,
    episodeId: `episode-${index}`,
    status: 'done',
    lane: 'normal',
    chunks: '#',
    errors: [],
    at: { accepted: at, changed: at },
  };
}

interface Searched {
  seconds: number;
  hits: number;
  /** Most of the process's resident memory, in bytes. */
  memory: number;
}

async function searchOnce(url: string, query: string): Promise<Searched> {
  const main = join(findPaths().root, 'dist', 'apps', 'cli', 'src', 'main.js');
  const started = performance.now();
  const child = execa(process.execPath, [main, 'search', query, '--limit', '1000', '--json'], {
    env: { NATS_URL: url },
  });
  let memory = 0;
  const watch = setInterval(() => {
    memory = Math.max(memory, peakMemory(child.pid));
  }, 20);
  const { stdout } = await child.finally(() => clearInterval(watch));
  const seconds = (performance.now() - started) / 1000;
  return { seconds, hits: (JSON.parse(stdout) as unknown[]).length, memory };
}

/** Most memory a process has held, in bytes; 0 where it has ended. */
function peakMemory(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
