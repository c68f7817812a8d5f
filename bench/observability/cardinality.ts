import { setTimeout as delay } from 'node:timers/promises';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { SERVICES } from '../../apps/cli/src/stack/local-stack.ts';
import { MINUTE } from '#shared/config/defaults';
import { prepareFakeEngine } from '../../test/support/fake-models.ts';
import { body, startMediaServer } from '../../test/support/media-server.ts';
import { type ServiceStack, startServiceStack } from '../../test/support/service-stack.ts';
import { tonePcm, wav } from '../../test/support/tone-episode.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { withFolder } from '../pipeline/with-folder.ts';

const SIZES = [20, 1000];
/** Every tenth episode is one whose audio is not there. */
const GONE = 10;
const SECONDS = 3;
const AT_ONCE = 32;
const LIMIT_MS = 30 * MINUTE;

/** How many series each service has after few and after many episodes: it must not depend on them. */
export const cardinality: Bench = {
  name: 'cardinality',
  title: `Series a service shows, after ${SIZES.join(' and ')} episodes`,
  run: () => withFolder(measure),
};

async function measure(folder: string): Promise<BenchResult> {
  const media = await startMediaServer({ '/tones.wav': body(wav(tonePcm(1, SECONDS)), 'audio/wav') });
  const engine = { ...(await prepareFakeEngine(folder)), FAKE_WHISPER_SPEED: '1000', WHISPER_WORKERS: '2' };
  const stack = await startServiceStack({ ...engine, DOWNLOAD_ALLOW_HOSTS: media.host }, []);
  const counts = new Map<string, number[]>();
  const metrics = new Map<string, Map<string, number>[]>();
  try {
    const services = await Promise.all(SERVICES.map(async (name) => [name, (await stack.start(name)).url] as const));
    let published = 0;
    for (const size of SIZES) {
      await publishUpTo(stack, media.url, published, size);
      published = size;
      await untilEnded(services, size);
      for (const [name, url] of services) {
        const series = await seriesOf(url);
        counts.set(name, [...(counts.get(name) ?? []), series.length]);
        metrics.set(name, [...(metrics.get(name) ?? []), byMetric(series)]);
      }
    }
  } finally {
    await stack.stop();
    await media.close();
  }
  return {
    head: ['service', ...SIZES.map((size) => `series after ${size}`)],
    rows: [...counts].map(([name, values]) => [name, ...values.map(String)]),
    ratios: [...counts].map(([name, values]) => ({
      what: `${name}: series after ${SIZES.at(-1)} / after ${SIZES[0]} episodes`,
      values: [(values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN)],
      aim: { atMost: 1 },
    })),
    notes: [
      `Each episode is ${SECONDS} s of tone for an engine that only takes time; the audio of every tenth is not there. Node’s own series are counted too.`,
      ...[...metrics].map(([name, looks]) => `${name}, more of: ${grown(looks).join(', ') || 'nothing'}`),
    ],
  };
}

/** Series of each metric. */
function byMetric(series: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of series) {
    const metric = line.split(/[{ ]/, 1)[0] ?? '';
    counts.set(metric, (counts.get(metric) ?? 0) + 1);
  }
  return counts;
}

/** The metrics that have more series at the last look than at the first. */
function grown(looks: readonly Map<string, number>[]): string[] {
  const first = looks[0] ?? new Map<string, number>();
  return [...(looks.at(-1) ?? [])]
    .filter(([metric, count]) => count > (first.get(metric) ?? 0))
    .map(([metric]) => metric);
}

async function publishUpTo(
  stack: ServiceStack,
  url: (path: string) => string,
  first: number,
  end: number,
): Promise<void> {
  for (let start = first; start < end; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, end - start) }, (_, at) => start + at);
    await Promise.all(
      numbers.map((number) =>
        publishEpisode(stack.client, {
          id: `episode-${number}`,
          url: url(number % GONE === 0 ? `/gone-${number}.mp3` : '/tones.wav'),
          options: { language: 'en' },
        }),
      ),
    );
  }
}

/** Looks once a second: a look costs each service more than an episode does. */
async function untilEnded(services: readonly (readonly [string, string])[], size: number): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while ((await finished(services)) < size) {
    if (performance.now() > deadline)
      throw new Error(`${size} episodes did not end within ${LIMIT_MS / MINUTE} minutes.`);
    await delay(1000);
  }
}

/** Episodes that ended, as the services count them. */
async function finished(services: readonly (readonly [string, string])[]): Promise<number> {
  const lines = await Promise.all(services.map(async ([, url]) => seriesOf(url)));
  return lines
    .flat()
    .filter((line) => line.startsWith('podline_episode_duration_seconds_count'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function seriesOf(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
