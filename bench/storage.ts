/**
 * How fast blobs go into a bucket and out of it, and what memory that takes: podline's own way against the NATS client's.
 * Each run is a process of its own, which streams from and to disk as the services do.
 *
 *     node --conditions=podline-source bench/storage.ts [megabytes, 300] [path of a nats-server]
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { connectNats } from '#shared/jetstream/connect';
import { ensureBucket } from '#shared/storage/ensure-bucket';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import { startNatsServer } from '../test/support/nats-server.ts';

const MEGABYTE = 1e6;
const RUNS = ['podline put', 'podline get', 'stock put', 'stock get'] as const;
type Run = (typeof RUNS)[number];

interface Measured {
  seconds: number;
  bytes: number;
  /** Seconds of processor time of the client: what is left to compare by on a busy machine. */
  cpu: number;
  /** Growth of the resident set above what a connected, idle process has. */
  memory: number;
}

async function main(megabytes: number, binary: string | undefined): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'podline-bench-'));
  const file = join(directory, 'blob');
  const server = await startNatsServer({ binary });
  try {
    await writeNoise(file, megabytes);
    console.log(`${megabytes} MB, ${server.url}`);
    for (const run of RUNS) {
      const { stdout } = await execa(
        process.execPath,
        ['--conditions=podline-source', import.meta.filename, 'run', run, server.url, file],
        { stderr: 'inherit' },
      );
      const { seconds, bytes, cpu, memory }: Measured = JSON.parse(stdout);
      const rate = (bytes / MEGABYTE / seconds).toFixed(0).padStart(5);
      const grown = (memory / MEGABYTE).toFixed(0).padStart(4);
      console.log(`${run.padEnd(12)} ${rate} MB/s  ${cpu.toFixed(2)} s of CPU  +${grown} MB of memory`);
    }
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function child([name, url = '', file = '']: string[]): Promise<void> {
  const run = RUNS.find((known) => known === name);
  if (run === undefined) throw new Error(`No run is called "${name}": ${RUNS.join(', ')}.`);
  const connection = await connectNats({ NATS_URL: url }, 'bench');
  const bucket = run.startsWith('podline') ? 'podline' : 'stock';
  await ensureBucket(await connection.jetstreamManager(), { bucket, replicas: 1, maxBytes: 0 });
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  const bytes = await work[run](connection, bucket, file);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpu = (user + system) / 1e6;
  const memory = process.resourceUsage().maxRSS * 1024 - before;
  process.stdout.write(JSON.stringify({ seconds, bytes, cpu, memory } satisfies Measured));
  await connection.close();
}

type Connection = Awaited<ReturnType<typeof connectNats>>;

const work: Record<Run, (connection: Connection, bucket: string, file: string) => Promise<number>> = {
  'podline put': async (connection, bucket, file) =>
    (await new ObjectStoreBlobs(connection, bucket).put('blob', createReadStream(file))).size,
  'podline get': async (connection, bucket) => {
    const blob = await new ObjectStoreBlobs(connection, bucket).open('blob');
    return countBytes(blob?.bytes);
  },
  'stock put': async (connection, bucket, file) => {
    const store = await connection.jetstream().views.os(bucket);
    const stream = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
    return (await store.put({ name: 'blob' }, stream)).size;
  },
  'stock get': async (connection, bucket) => {
    const store = await connection.jetstream().views.os(bucket);
    const blob = await store.get('blob');
    return countBytes(blob?.data as AsyncIterable<Uint8Array> | undefined);
  },
};

async function countBytes(pieces: AsyncIterable<Uint8Array> | undefined): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces ?? []) bytes += piece.length;
  return bytes;
}

/** Bytes that do not compress. */
async function writeNoise(path: string, megabytes: number): Promise<void> {
  const noise = randomBytes(MEGABYTE);
  const file = await open(path, 'w');
  try {
    for (let left = megabytes * MEGABYTE; left > 0; left -= noise.length) await file.write(noise.subarray(0, left));
  } finally {
    await file.close();
  }
}

if (process.argv[2] === 'run') await child(process.argv.slice(3));
else await main(Number(process.argv[2] ?? 300), process.argv[3]);
