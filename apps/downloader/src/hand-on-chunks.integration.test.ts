import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { chunkTranscriptKey } from '#shared/contracts/artifact-keys';
import { chunkTranscriptSchema, figuresOf } from '#shared/contracts/chunk-transcript';
import { transcribeJobSchema } from '#shared/contracts/jobs';
import { cutOf, type Manifest, SAMPLE_RATE } from '#shared/contracts/manifest';
import { jobStream } from '#shared/contracts/subjects';
import { ProgressReporter } from '#shared/jetstream/progress';
import type { BlobStore } from '#shared/storage/blob-store';
import { createJson } from '#shared/storage/json-blobs';
import { audioKey } from '#shared/transcription/continue-episode';
import { evenManifest } from '../../../test/support/even-manifest.ts';
import { planEpisode } from '../../../test/support/plan-episode.ts';
import { type StartedStores, startStores } from '../../../test/support/start-stores.ts';
import { tonePcm } from '../../../test/support/tone-episode.ts';
import { handOnChunks } from './hand-on-chunks.ts';

jest.setTimeout(60_000);

const CHUNKS = 3;
const CHUNK_SECONDS = 2;
const STREAM = jobStream('transcribe-whisper');
const never = new AbortController().signal;

let started: StartedStores;
let connection: StartedStores['connection'];
let stores: StartedStores['stores'];
let folder: string;
let pcm: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hand-on-'));
  pcm = join(folder, 'audio.s16');
  await writeFile(pcm, tonePcm(1, CHUNKS * CHUNK_SECONDS));
  started = await startStores();
  ({ connection, stores } = started);
});

afterAll(async () => {
  await started?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** An episode of three chunks, none of whose audio is stored. */
async function planned(episodeId: string, language: string): Promise<Manifest> {
  const manifest = evenManifest(episodeId, { chunks: CHUNKS, chunkSeconds: CHUNK_SECONDS, model: 'base', language });
  await planEpisode(stores, manifest);
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

test('the first chunk can be transcribed before the others’ audio is encoded', async () => {
  const manifest = await planned('flowing', 'en');
  const seen: number[][] = [];
  const audio = before(async (chunk) => void (seen[chunk] = await published('flowing')));
  await handOn(manifest, audio);
  expect(seen.slice(0, 2)).toEqual([[], [0]]);
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

test('audio that can’t be encoded to its end is not stored, and its chunk not published', async () => {
  const manifest = await planned('cut-short', 'en');
  const pcmBytes = CHUNKS * CHUNK_SECONDS * SAMPLE_RATE * 2;
  await truncate(pcm, pcmBytes - 2);
  await expect(handOn(manifest)).rejects.toMatchObject({ retryable: true, reason: 'encode-failed' });
  const last = manifest.chunks.at(-1);
  expect(last && (await stores.audio.head(audioKey(manifest, last)))).toBeUndefined();
  expect(await published('cut-short')).not.toContain(last?.index);
});
