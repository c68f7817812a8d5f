import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { resumeEpisode } from '#shared/client/resume-episode';
import { chunkTranscriptKey, manifestKey, transcriptKey } from '#shared/contracts/artifact-keys';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { accepted, summarized } from '#shared/contracts/episode-transitions';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import { type TranscribeJob, transcribeJobSchema } from '#shared/contracts/jobs';
import { cutOf, type Manifest } from '#shared/contracts/manifest';
import type { Queue } from '#shared/contracts/names';
import { jobStream } from '#shared/contracts/subjects';
import { ProgressReporter } from '#shared/jetstream/progress';
import { SILENT } from '#shared/observability/log';
import { evenManifest } from '../../../../test/support/even-manifest.ts';
import { cutEpisode } from '../../../../test/support/plan-episode.ts';
import { type StartedStores, startStores } from '../../../../test/support/start-stores.ts';
import { audioKey, continueEpisode, forgetCut } from './continue-episode.ts';
import { type ChunkWork, transcribeChunk } from './transcribe-chunk.ts';

jest.setTimeout(60_000);

const NOW = '2026-01-01T00:00:00.000Z';
const DAMAGE = Buffer.from('{"v":1,"epi');
const request = episodeRequestSchema.parse({ url: 'https://example.com/a.mp3' });

let started: StartedStores;
let connection: StartedStores['connection'];
let stores: StartedStores['stores'];
/** Chunks the engine was asked for. */
let heard: number[];
let round = 0;

beforeAll(async () => {
  started = await startStores();
  ({ connection, stores } = started);
});

beforeEach(async () => {
  heard = [];
  const { streams } = await connection.jetstreamManager();
  for (const queue of ['download', 'transcribe-whisper', 'transcribe-openai', 'summarize'] as const)
    await streams.purge(jobStream(queue));
});

afterAll(async () => {
  await started?.stop();
});

/** An episode of two chunks, as the downloader leaves it; another source is another cut. */
async function cut(episodeId: string, source = 'a'.repeat(64)): Promise<Manifest> {
  const manifest = evenManifest(episodeId, { chunks: 2, chunkSeconds: 2, model: 'tiny.en', language: 'en', source });
  await cutEpisode(stores, manifest, String(++round));
  return manifest;
}

/** The messages of a queue, oldest first, taken out of it. */
async function take(queue: Queue): Promise<unknown[]> {
  const { streams } = await connection.jetstreamManager();
  const { first_seq: first, last_seq: last } = (await streams.info(jobStream(queue))).state;
  const found: unknown[] = [];
  // An emptied stream begins behind its last message.
  for (let seq = Math.max(1, first); seq <= last; seq++)
    found.push((await streams.getMessage(jobStream(queue), { seq })).json());
  await streams.purge(jobStream(queue));
  return found;
}

const jobs = async (): Promise<TranscribeJob[]> =>
  (await take('transcribe-whisper')).map((job) => transcribeJobSchema.parse(job));

const hear = async (job: TranscribeJob, text = 'Four words of speech.', fallback?: string): Promise<void> => {
  const work: ChunkWork = {
    runtime: stores,
    engine: {
      name: 'test',
      attempt: async () => {
        heard.push(job.chunk);
        const segments = text === '' ? [] : [{ start: 0, end: job.seconds, text }];
        return { answer: { language: 'en', segments, warnings: [] } };
      },
    },
    progress: new ProgressReporter(connection),
    timeout: { perSecond: 1, constantSeconds: 10 },
    incomplete: {
      finally: 'fail',
      ...(fallback === undefined ? {} : { fallback: { provider: 'openai', model: fallback } }),
    },
  };
  const context = { log: SILENT, signal: new AbortController().signal, streamSequence: ++round };
  await transcribeChunk(job, context as never, work);
};

const stateOf = async (id: string): Promise<EpisodeState> => {
  const state = await stores.episodes.get(id);
  if (state === undefined) throw new Error(`${id} has no state`);
  return state;
};

describe('an episode that loses something stored', () => {
  test('goes back to its download for a chunk whose transcript is damaged, and only that chunk is heard again', async () => {
    const manifest = await cut('chunk');
    const [first, second] = await jobs();
    if (!first || !second) throw new Error('Expected two jobs.');
    await hear(first);
    const key = chunkTranscriptKey('chunk', cutOf(manifest), 0);
    await stores.results.put(key, DAMAGE);
    await hear(second);
    expect(await take('download')).toMatchObject([{ id: 'chunk', url: request.url }]);
    expect(await stores.results.head(key)).toBeUndefined();
    expect(await stateOf('chunk')).toMatchObject({ status: 'accepted', returns: 1 });

    heard = [];
    await continueEpisode(manifest, stores, String(++round));
    const again = await jobs();
    expect(again).toMatchObject([{ chunk: 0 }]);
    for (const job of again) await hear(job);
    expect(heard).toEqual([0]);
    expect(await take('summarize')).toMatchObject([{ episodeId: 'chunk' }]);
    expect(await stateOf('chunk')).toMatchObject({ status: 'summarizing', chunks: '##' });
  });

  test('keeps no audio where whoever completed it died before that was removed', async () => {
    const manifest = await cut('left');
    const [first, second] = await jobs();
    if (!first || !second) throw new Error('Expected two jobs.');
    await hear(first);
    await hear(second);
    const key = audioKey(manifest, manifest.chunks[1]!);
    expect(await stores.audio.head(key)).toBeUndefined();
    await stores.audio.put(key, Buffer.from('audio'));
    await hear(second);
    expect(await stores.audio.head(key)).toBeUndefined();
    expect(heard).toEqual([0, 1]);
    expect(await take('summarize')).toHaveLength(1);
  });

  test('goes back for audio that is gone, and fails with the reason when that happens again and again', async () => {
    const manifest = await cut('audio');
    const [job] = await jobs();
    if (!job) throw new Error('Expected a job.');
    await stores.audio.delete(job.audio);
    for (let time = 1; time <= 3; time++) {
      await hear(job);
      expect(await take('download')).toHaveLength(1);
    }
    await expect(hear(job)).rejects.toMatchObject({ reason: 'audio-missing', retryable: false });
    expect(heard).toEqual([]);
    expect(await continueEpisode(manifest, stores, 'x')).toBe(false);
  });

  test('goes back for its manifest', async () => {
    await cut('manifest');
    await stores.results.put(manifestKey('manifest'), DAMAGE);
    for (const job of await jobs()) await hear(job);
    expect(await take('download')).toMatchObject([{ id: 'manifest' }]);
    expect(await take('summarize')).toEqual([]);
  });

  test('stays as it is when it is done', async () => {
    const manifest = await cut('done');
    const [job] = await jobs();
    await stores.episodes.update('done', (state) => state && summarized(state, NOW));
    await stores.audio.delete(audioKey(manifest, manifest.chunks[0] as never));
    if (job) await hear(job);
    expect(await take('download')).toEqual([]);
    expect(await stateOf('done')).toMatchObject({ status: 'done' });
  });

  test('has a damaged transcript merged again', async () => {
    const manifest = await cut('transcript');
    await stores.results.put(transcriptKey('transcript', 'json'), DAMAGE);
    for (const job of await jobs()) await hear(job);
    const bytes = await stores.results.read(transcriptKey('transcript', 'json'), { maxBytes: 1_000_000 });
    expect(JSON.parse(Buffer.from(bytes ?? []).toString())).toMatchObject({ episodeId: manifest.episodeId });
    expect(await take('summarize')).toHaveLength(1);
  });
});

describe('an episode whose jobs are lost', () => {
  const resume = async (id: string) => resumeEpisode(stores, await stateOf(id));

  test('is resumed with the chunks that are missing, and nothing else', async () => {
    await cut('resumed');
    const [first] = await jobs();
    if (first) await hear(first);
    expect(await resume('resumed')).toBe('continued');
    const again = await jobs();
    expect(again).toMatchObject([{ chunk: 1 }]);
    for (const job of again) await hear(job);
    expect(heard).toEqual([0, 1]);
    expect(await take('summarize')).toHaveLength(1);
  });

  test('is resumed with its summary where all chunks are there, and its audio is gone by then', async () => {
    const manifest = await cut('heard');
    for (const job of await jobs()) await hear(job);
    await take('summarize');
    for (const chunk of manifest.chunks) expect(await stores.audio.head(audioKey(manifest, chunk))).toBeUndefined();
    expect(await resume('heard')).toBe('continued');
    expect(await take('summarize')).toMatchObject([{ episodeId: 'heard' }]);
    expect(await jobs()).toEqual([]);
    expect(heard).toEqual([0, 1]);
  });

  test('is resumed with its download where it was never cut, or audio it still needs is gone', async () => {
    await stores.episodes.update('uncut', (state) =>
      accepted(state, { request, episodeId: 'uncut', lane: 'normal', now: NOW }),
    );
    const manifest = await cut('mute');
    await take('transcribe-whisper');
    await stores.audio.delete(audioKey(manifest, manifest.chunks[1] as never));
    expect(await resume('uncut')).toBe('published');
    expect(await resume('mute')).toBe('published');
    expect(await take('download')).toMatchObject([{ id: 'uncut' }, { id: 'mute' }]);
  });

  test('is left alone when it is done', async () => {
    await cut('over');
    await take('transcribe-whisper');
    await stores.episodes.update('over', (state) => state && summarized(state, NOW));
    expect(await resume('over')).toBe('finished');
    expect([await take('download'), await jobs(), await take('summarize')]).toEqual([[], [], []]);
  });
});

describe('an episode that is downloaded twice', () => {
  test('and is another the second time uses nothing of the first: its jobs are of no use any more', async () => {
    const before = await cut('twice');
    const old = await jobs();
    if (old[0]) await hear(old[0]);
    await forgetCut(before, stores);
    const now = await cut('twice', 'b'.repeat(64));
    expect(cutOf(now)).not.toBe(cutOf(before));
    expect((await stateOf('twice')).chunks).toBe('..');
    heard = [];
    for (const job of old) await hear(job);
    expect(heard).toEqual([]);
    expect((await stateOf('twice')).chunks).toBe('..');
    for (const job of await jobs()) await hear(job);
    expect(heard).toEqual([0, 1]);
    expect(await stateOf('twice')).toMatchObject({ status: 'summarizing', chunks: '##' });
  });

  test('and is the same finds what was heard before', async () => {
    const before = await cut('same');
    const [first] = await jobs();
    if (first) await hear(first);
    await forgetCut(before, stores);
    await cut('same');
    expect((await stateOf('same')).chunks).toBe('#.');
    expect(await jobs()).toMatchObject([{ chunk: 1 }]);
  });
});

describe('silence two attempts agree on', () => {
  test('is given to the other provider, where there is one', async () => {
    const manifest = await cut('asked');
    const [job] = await jobs();
    if (job) await hear({ ...job, seconds: 60, speech: [[0, 60]] }, '', 'whisper-1');
    expect(await take('transcribe-openai')).toMatchObject([{ provider: 'openai', fallback: true, chunk: 0 }]);
    expect(await stores.results.head(chunkTranscriptKey('asked', cutOf(manifest), 0))).toBeUndefined();
  });

  test('is believed where there is none', async () => {
    const manifest = await cut('believed');
    const [job] = await jobs();
    if (job) await hear({ ...job, seconds: 60, speech: [[0, 60]] }, '');
    expect(heard).toEqual([0, 0]);
    expect(await stores.results.head(chunkTranscriptKey('believed', cutOf(manifest), 0))).toBeDefined();
  });
});
