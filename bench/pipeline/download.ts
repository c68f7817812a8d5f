import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { file, type MediaServer, startMediaServer } from '../../test/support/media-server.ts';
import type { Bench, BenchResult } from '../suite/bench.ts';
import { median } from '../suite/statistics.ts';
import { withFolder } from './with-folder.ts';

const MEGABYTE = 1e6;
const MEGABYTES = 300;
/** A link of 1 Gbit/s, in bytes a second: what a fast host gives. */
const LINK = 125 * MEGABYTE;

/** How fast a file comes in, with its SHA-256 taken on the way, against curl without one. */
export const download: Bench = {
  name: 'download',
  title: `A file of ${MEGABYTES} MB from this machine`,
  run: (repetitions) => withFolder((folder) => compare(folder, repetitions)),
};

interface Fetched {
  seconds: number;
  peakBytes: number;
}

async function compare(folder: string, repetitions: number): Promise<BenchResult> {
  const path = join(folder, 'noise.mp3');
  await writeNoise(path);
  const media = await startMediaServer({ '/fast.mp3': file(path), '/link.mp3': throttled(path) });
  const runs = { fast: { curl: [], podline: [] }, link: { curl: [], podline: [] } } as Record<
    'fast' | 'link',
    Record<'curl' | 'podline', Fetched[]>
  >;
  try {
    for (let round = 0; round < repetitions; round++) {
      for (const [name, run] of Object.entries(runs)) {
        run.curl.push(await byCurl(media, `/${name}.mp3`, join(folder, 'curl')));
        run.podline.push(await byPodline(media, `/${name}.mp3`, join(folder, 'podline')));
      }
    }
  } finally {
    await media.close();
  }
  const rate = (one: Fetched): string => (MEGABYTES / one.seconds).toFixed(0);
  return {
    head: ['from', 'curl, MB/s', 'podline, MB/s', 'podline’s peak memory, MB'],
    rows: (['fast', 'link'] as const).map((name) => [
      name === 'fast' ? 'memory, as fast as it goes' : 'a link of 1 Gbit/s',
      runs[name].curl.map(rate).join(', '),
      runs[name].podline.map(rate).join(', '),
      (median(runs[name].podline.map(({ peakBytes }) => peakBytes)) / MEGABYTE).toFixed(0),
    ]),
    ratios: [
      ...(['link', 'fast'] as const).map((name) => ({
        what: `speed against curl, ${name === 'fast' ? 'as fast as it goes' : 'at 1 Gbit/s'}`,
        values: runs[name].curl.map((curl, at) => curl.seconds / (runs[name].podline[at]?.seconds ?? Number.NaN)),
        aim: { atLeast: 0.9 },
      })),
      {
        what: 'peak memory, MB',
        values: runs.fast.podline.map(({ peakBytes }) => peakBytes / MEGABYTE),
        aim: { atMost: 150 },
      },
    ],
    notes: ['podline checks addresses, takes the file’s SHA-256 and watches for stalls meanwhile; curl only writes.'],
  };
}

/** Bytes that no compression helps, behind the head of an MP3. */
async function writeNoise(path: string): Promise<void> {
  const noise = randomBytes(MEGABYTE);
  const out = await open(path, 'w');
  try {
    for (let written = 0; written < MEGABYTES; written++) {
      if (written === 0) Buffer.from('ID3\u0004').copy(noise);
      await out.write(noise);
    }
  } finally {
    await out.close();
  }
}

function throttled(path: string): Parameters<typeof startMediaServer>[0][string] {
  return async (_request, response) => {
    const source = await open(path);
    response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': MEGABYTES * MEGABYTE });
    const started = performance.now();
    let sent = 0;
    try {
      for await (const piece of source.createReadStream({ highWaterMark: 256 * 1024, autoClose: false })) {
        sent += (piece as Buffer).length;
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
        const early = (1000 * sent) / LINK - (performance.now() - started);
        if (early > 5) await new Promise((resolve) => setTimeout(resolve, early));
      }
      response.end();
    } finally {
      await source.close();
    }
  };
}

async function byCurl(media: MediaServer, route: string, target: string): Promise<Fetched> {
  const started = performance.now();
  await execa('curl', ['--silent', '--fail', '--output', target, media.url(route)]);
  return { seconds: (performance.now() - started) / 1000, peakBytes: 0 };
}

/** In a process of its own, whose memory is measured; its start is not counted, since a service is there already. */
async function byPodline(media: MediaServer, route: string, target: string): Promise<Fetched> {
  const child = join(import.meta.dirname, 'fetch-one.js');
  const { stdout } = await execa(process.execPath, [child, media.url(route), target, media.host]);
  return JSON.parse(stdout) as Fetched;
}
