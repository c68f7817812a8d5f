import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { join } from 'node:path';
import { natsConfigSchema } from '#shared/config/common';
import { accepted } from '#shared/contracts/episode-transitions';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { EPISODES_BUCKET, jobStream } from '#shared/contracts/subjects';
import { connectNats, type NatsConnection } from '#shared/jetstream/connect';
import { memoryOf } from '#shared/process/memory-of';
import { findPaths } from '../../apps/cli/src/paths.ts';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import { startMediaServer } from '../../test/support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../../test/support/service-stack.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';

const SIZES = [10, 100, 1000, 10_000];
const AT_ONCE = 64;

/** What an episode costs while it waits: it must not be more because many others wait too. */
export const growth: Bench = { name: 'growth', title: 'Cost as work grows', run: compare };

interface Measured {
  size: number;
  publishedPerSecond: number;
  statusSeconds: number;
  stateBytes: number;
  jobBytes: number;
  memory: Map<string, number>;
}

async function compare(): Promise<BenchResult> {
  const runs: Measured[] = [];
  for (const size of SIZES) runs.push(await measure(size));
  const [first] = runs;
  const last = runs.at(-1);
  if (first === undefined || last === undefined) throw new Error('Nothing was measured.');
  const services = [...first.memory.keys()];
  const growthOf = (service: string): number => (last.memory.get(service) ?? 0) - (first.memory.get(service) ?? 0);
  return {
    head: ['episodes', 'published a second', '`status`, s', 'state, bytes each', 'job, bytes each', ...services],
    rows: runs.map((run) => [
      run.size.toLocaleString('en'),
      run.publishedPerSecond.toFixed(0),
      run.statusSeconds.toFixed(2),
      run.stateBytes.toFixed(0),
      run.jobBytes.toFixed(0),
      ...services.map((service) => `${((run.memory.get(service) ?? 0) / 1e6).toFixed(0)} MB`),
    ]),
    ratios: [
      { what: 'state, bytes an episode: most / fewest episodes', values: [last.stateBytes / first.stateBytes] },
      { what: 'job, bytes an episode: most / fewest episodes', values: [last.jobBytes / first.jobBytes] },
      {
        what: `a service’s memory: most / fewest episodes, the worst of ${services.length}`,
        values: [
          Math.max(...services.map((service) => 1 + growthOf(service) / (first.memory.get(service) ?? Number.NaN))),
        ],
      },
    ],
    notes: [
      'All services run. Four downloads hang at their host, so everything else waits. Memory is the resident set.',
    ],
  };
}

async function measure(size: number): Promise<Measured> {
  const media = await startMediaServer({ '/hangs.mp3': () => new Promise(() => undefined) });
  const stack = await startServiceStack({ DOWNLOAD_ALLOW_HOSTS: media.host }, []);
  const connection = await connectNats(natsConfigSchema.parse({ NATS_URL: stack.nats.url }), 'bench');
  try {
    const pids = new Map<string, number>();
    for (const name of SERVICES) pids.set(name, (await stack.start(name)).pid);
    const started = performance.now();
    await inParallel(size, (index) =>
      publishEpisode(stack.client, { id: `episode-${index}`, url: media.url('/hangs.mp3') }),
    );
    const publishSeconds = (performance.now() - started) / 1000;
    await inParallel(size, (index) => writeState(stack, index, media.url('/hangs.mp3')));
    const statusSeconds = await timeStatus(stack);
    return {
      size,
      publishedPerSecond: size / publishSeconds,
      statusSeconds,
      stateBytes: await bytesEach(connection, `KV_${EPISODES_BUCKET}`),
      jobBytes: await bytesEach(connection, jobStream('download')),
      memory: new Map(
        await Promise.all([...pids].map(async ([name, pid]) => [name, await residentBytes(pid)] as const)),
      ),
    };
  } finally {
    await connection.close();
    await stack.stop();
    await media.close();
  }
}

/** As the downloader does when it takes the episode in. */
async function writeState({ client }: ServiceStack, index: number, url: string): Promise<void> {
  const id = `episode-${index}`;
  const request = episodeRequestSchema.parse({ url, id, title: `Episode number ${index}` });
  await client.episodes.update(
    id,
    (known) => known ?? accepted(known, { request, episodeId: id, lane: 'normal', now: new Date().toISOString() }),
  );
}

async function timeStatus(stack: ServiceStack): Promise<number> {
  const { root } = findPaths();
  const started = performance.now();
  await execa(process.execPath, [join(root, 'dist/apps/cli/src/main.js'), 'status', '--json'], {
    env: { NATS_URL: stack.nats.url },
    maxBuffer: 1e9,
  });
  return (performance.now() - started) / 1000;
}

async function bytesEach(connection: NatsConnection, stream: string): Promise<number> {
  const { bytes, messages } = (await (await connection.jetstreamManager()).streams.info(stream)).state;
  return bytes / Math.max(1, messages);
}

const residentBytes = async (pid: number): Promise<number> =>
  (await memoryOf(pid, 'VmRSS', (path) => readFile(path, 'utf8'))) ?? Number.NaN;

async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
