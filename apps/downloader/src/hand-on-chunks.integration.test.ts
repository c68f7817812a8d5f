import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { chunkTranscriptKey, manifestKey } from '#shared/contracts/artifact-keys';
import { chunkTranscriptSchema, figuresOf } from '#shared/contracts/chunk-transcript';
import { accepted } from '#shared/contracts/episode-transitions';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { transcribeJobSchema } from '#shared/contracts/jobs';
import { cutOf, type Manifest, manifestSchema, SAMPLE_RATE } from '#shared/contracts/manifest';
import { AUDIO_BUCKET, jobStream, RESULTS_BUCKET } from '#shared/contracts/subjects';
import { connectNats } from '#shared/jetstream/connect';
import { ProgressReporter } from '#shared/jetstream/progress';
import { Publisher } from '#shared/jetstream/publish';
import { ensureStreams } from '#shared/jetstream/streams';
import { SILENT } from '#shared/observability/log';
import type { BlobStore } from '#shared/storage/blob-store';
import { ensureBucket } from '#shared/storage/ensure-bucket';
import { EpisodeStore } from '#shared/storage/episode-store';
import { createJson } from '#shared/storage/json-blobs';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import type { Stores } from '#shared/transcription/complete-episode';
import { type NatsServer, startNatsServer } from '../../../test/support/nats-server.ts';
import { tonePcm } from '../../../test/support/tone-episode.ts';
import { until } from '../../../test/support/until.ts';
import { handOnChunks } from './hand-on-chunks.ts';

jest.setTimeout(60_000);

const CHUNKS = 3;
const CHUNK = 2 * SAMPLE_RATE;
const STREAM = jobStream('transcribe-whisper');
const request = episodeRequestSchema.parse({ url: 'https://example.com/a.mp3' });
const never = new AbortController().signal;

let nats: NatsServer;
let connection: NatsConnection;
let stores: Stores;
let folder: string;
let pcm: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hand-on-'));
  pcm = join(folder, 'audio.s16');
  await writeFile(pcm, tonePcm(1, (CHUNKS * CHUNK) / SAMPLE_RATE));
  nats = await startNatsServer();
  connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'test');
  const jsm = await connection.jetstreamManager();
  await ensureStreams(jsm, streamConfigSchema.parse({}));
  for (const bucket of [AUDIO_BUCKET, RESULTS_BUCKET]) await ensureBucket(jsm, { bucket, replicas: 1, maxBytes: 0 });
  stores = {
    publisher: new Publisher(connection.jetstream()),
    episodes: new EpisodeStore(connection),
    audio: new ObjectStoreBlobs(connection, AUDIO_BUCKET),
    results: new ObjectStoreBlobs(connection, RESULTS_BUCKET),
    log: SILENT,
  };
});

afterAll(async () => {
  await connection?.close();
  await nats?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** An episode of three chunks, none of whose audio is stored. */
async function planned(episodeId: string, language: string): Promise<Manifest> {
  const manifest: Manifest = {
    v: 1,
    episodeId,
    request,
    options: {
      provider: 'whisper',
      model: 'base',
      language,
      chunkSeconds: 2,
      decoding: {},
      lane: 'normal',
      summary: { provider: 'extractive' },
    },
    source: { bytes: 1, sha256: 'a'.repeat(64), codec: 'mp3', channels: 1, sampleRate: 44_100, container: 'mp3' },
    samples: CHUNKS * CHUNK,
    speech: [[0, 6]],
    chunks: Array.from({ length: CHUNKS }, (_, index) => ({
      index,
      startSample: index * CHUNK,
      endSample: (index + 1) * CHUNK,
      cutSample: index * CHUNK,
      silent: false,
    })),
  };
  const now = new Date().toISOString();
  await stores.episodes.update(episodeId, (state) => accepted(state, { request, episodeId, lane: 'normal', now }));
  await createJson(stores.results, manifestKey(episodeId), manifestSchema, manifest);
  return manifest;
}

/** The chunks whose jobs are published, of one episode. */
async function published(episodeId: string): Promise<number[]> {
  const { streams } = await connection.jetstreamManager();
  const { first_seq: first, last_seq: last } = (await streams.info(STREAM)).state;
  const jobs = [];
  // An emptied stream begins behind its last message.
  for (let seq = Math.max(1, first); seq <= last; seq++)
    jobs.push(transcribeJobSchema.parse((await streams.getMessage(STREAM, { seq })).json()));
  return jobs.filter((job) => job.episodeId === episodeId).map(({ chunk }) => chunk);
}

/** Runs something before each chunk's audio is stored. */
function before(store: (chunk: number) => Promise<void>): BlobStore {
  const { audio } = stores;
  let chunk = 0;
  return Object.assign(Object.create(audio) as BlobStore, {
    put: async (...[key, ...rest]: Parameters<BlobStore['put']>) => {
      await store(chunk++);
      return audio.put(key, ...rest);
    },
    head: (key: string) => audio.head(key),
  });
}

function handOn(manifest: Manifest, audio: BlobStore = stores.audio): Promise<void> {
  const progress = new ProgressReporter(connection);
  const how = { round: '1', options: manifest.options };
  return handOnChunks({ manifest, pcm }, { ...stores, audio }, how, { signal: never }, { progress });
}

test('a chunk can be transcribed while another’s audio is still to be stored', async () => {
  const manifest = await planned('flowing', 'en');
  const audio = before(async (chunk) => {
    if (chunk === CHUNKS - 1) await until(async () => (await published('flowing')).length > 0, 'the first job', 10_000);
  });
  await handOn(manifest, audio);
  expect(new Set(await published('flowing'))).toEqual(new Set([0, 1, 2]));
  expect(await stores.episodes.get('flowing')).toMatchObject({ status: 'transcribing', chunks: '...' });
});

test('where the language is to be detected, all audio is stored before the first job', async () => {
  const seen: number[] = [];
  const audio = before(async () => void seen.push((await published('detected')).length));
  await handOn(await planned('detected', 'auto'), audio);
  expect(seen).toEqual([0, 0, 0]);
  expect(await published('detected')).toEqual([0, 1, 2]);
});

test('a chunk transcribed before is neither stored nor published again', async () => {
  const manifest = await planned('resumed', 'en');
  const transcript = {
    v: 1 as const,
    episodeId: 'resumed',
    chunk: 1,
    provider: 'whisper' as const,
    engine: { name: 'test' },
    model: 'base',
    settings: { language: 'en', attempt: 1 as const },
    language: 'en',
    segments: [],
    figures: figuresOf(2, 1, undefined),
    warnings: [],
  };
  const key = chunkTranscriptKey('resumed', cutOf(manifest), 1);
  await createJson(stores.results, key, chunkTranscriptSchema, transcript);
  const stored: number[] = [];
  await handOn(
    manifest,
    before(async (chunk) => void stored.push(chunk)),
  );
  expect(stored).toHaveLength(2);
  expect(new Set(await published('resumed'))).toEqual(new Set([0, 2]));
});
