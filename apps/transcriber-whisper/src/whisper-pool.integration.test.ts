import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { PermanentError } from '#shared/errors';
import { SILENT } from '#shared/observability/log';
import { transcribeCompletely } from '#shared/transcription/transcribe-completely';
import { wordErrorRate } from '../../../bench/eval/word-error-rate.ts';
import { embeddedModel, whisperServerBinary } from '../../../test/support/whisper-server.ts';
import { findModel } from './model-file.ts';
import { WhisperEngine } from './whisper-engine.ts';
import { WhisperPool } from './whisper-pool.ts';

jest.setTimeout(60_000);

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures');
const MODEL = 'tiny.en-q8_0';
const models = dirname(embeddedModel());
const restarts: string[] = [];
/** One for all tests, since loading a model takes a second: each leaves it as it must be left, with a working engine. */
const pool = new WhisperPool({
  binary: whisperServerBinary(),
  workers: 1,
  threads: 1,
  modelFile: async (name) => (await findModel(models, name)).path,
  observer: { restarted: (reason) => void restarts.push(reason), loaded: () => undefined },
  log: SILENT,
});
let audio: Uint8Array;

const job: TranscribeJob = {
  v: 1,
  episodeId: 'e1',
  lane: 'normal',
  cut: '0123456789ab',
  chunk: 0,
  chunks: 1,
  seconds: 12,
  speech: [[0, 12]],
  audio: 'e1/audio/0000.flac',
  provider: 'whisper',
  model: MODEL,
  language: 'en',
  decoding: {},
};

const transcribe = (
  more: Partial<TranscribeJob> = {},
  timeoutMs = 30_000,
  onProgress = (_share: number) => {},
  signal = new AbortController().signal,
) => transcribeCompletely(new WhisperEngine(pool), audio, { ...job, ...more }, { signal, timeoutMs, onProgress });

/** The engines among this process' children, by their command line. */
const enginePids = async (): Promise<string[]> => {
  const { stdout } = await execa('pgrep', ['-P', String(process.pid), '-f', 'whisper-server'], { reject: false });
  return stdout.split('\n').filter((line) => line !== '');
};

beforeAll(async () => {
  audio = await readFile(join(FIXTURES, 'speech-12s.flac'));
  await pool.load(MODEL);
});

afterEach(() => {
  restarts.length = 0;
});

afterAll(async () => {
  await pool.stop();
  expect(await enginePids()).toEqual([]);
});

describe('a pool of whisper engines', () => {
  test('turns speech into its words, says how far it is and what it took', async () => {
    const shares: number[] = [];
    const { transcript, findings } = await transcribe({}, 30_000, (share) => void shares.push(share));
    const reference = await readFile(join(FIXTURES, 'speech-12s.txt'), 'utf8');
    const heard = transcript.segments.map(({ text }) => text).join(' ');
    expect(wordErrorRate(reference, heard).rate).toBeLessThanOrEqual(0.1);
    expect(findings).toEqual([]);
    expect(transcript).toMatchObject({
      provider: 'whisper',
      model: MODEL,
      language: 'en',
      engine: { name: 'whisper.cpp' },
    });
    expect(transcript.figures.peakMemoryBytes).toBeGreaterThan(50_000_000);
    expect(shares.at(-1)).toBe(1);
  });

  test('keeps its engine from chunk to chunk', async () => {
    const before = await enginePids();
    await transcribe();
    expect(await enginePids()).toEqual(before);
    expect(restarts).toEqual([]);
  });

  test('replaces an engine that hangs when the chunk’s time is over', async () => {
    const [pid] = await enginePids();
    process.kill(Number(pid), 'SIGSTOP');
    await expect(transcribe({}, 1000)).rejects.toMatchObject({ retryable: true, reason: 'timeout' });
    expect(restarts).toEqual(['failed-chunk']);
    expect(pool.ready).toBe(true);
    expect(await enginePids()).not.toContain(pid);
  });

  test('replaces an engine that was killed while it worked, and gives the chunk back as retryable', async () => {
    const work = transcribe();
    const [pid] = await enginePids();
    process.kill(Number(pid), 'SIGKILL');
    await expect(work).rejects.toMatchObject({ retryable: true, reason: 'engine-died' });
    expect(restarts).toEqual(['died']);
    expect((await transcribe()).transcript.segments.length).toBeGreaterThan(0);
  });

  test('replaces an engine whose chunk was called off, and calls that no failure', async () => {
    const off = new AbortController();
    await expect(transcribe({}, 30_000, () => off.abort(), off.signal)).rejects.toMatchObject({ reason: 'cancelled' });
    expect(restarts).toEqual(['interrupted']);
    expect(pool.ready).toBe(true);
  });

  test('keeps an engine that refuses a chunk', async () => {
    const before = await enginePids();
    const refused = pool.use(MODEL, async (server) => {
      const response = await fetch(`${server.baseUrl}/audio/transcriptions`, { method: 'POST', body: new FormData() });
      throw new PermanentError('engine-refused', await response.text());
    });
    await expect(refused).rejects.toMatchObject({ reason: 'engine-refused' });
    expect(await enginePids()).toEqual(before);
    expect(restarts).toEqual([]);
    expect((await transcribe()).transcript.segments.length).toBeGreaterThan(0);
  });

  test('names the model that is not there', async () => {
    await expect(transcribe({ model: 'large-v9' })).rejects.toMatchObject({
      retryable: false,
      reason: 'unknown-model',
      message: expect.stringContaining('large-v9') as unknown,
    });
  });
});
