import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SummaryWish, resummarizeEpisode } from '#shared/client/resummarize-episode';
import { chaptersKey, summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import type { DeadLetter } from '#shared/contracts/dead-letter';
import { allChunksDone, downloaded } from '#shared/contracts/episode-transitions';
import { type SummarizeJob, summarizeJobSchema } from '#shared/contracts/jobs';
import { cutOf } from '#shared/contracts/manifest';
import { jobStream } from '#shared/contracts/subjects';
import { PermanentError } from '#shared/errors';
import { SILENT } from '#shared/observability/log';
import { markDead } from '#shared/service/mark-dead';
import type { BlobStore } from '#shared/storage/blob-store';
import { evenManifest } from '../../../test/support/even-manifest.ts';
import { planEpisode } from '../../../test/support/plan-episode.ts';
import { type StartedStores, startStores } from '../../../test/support/start-stores.ts';
import { noSpeechSummary } from './strategy/no-speech.ts';
import { summarizeEpisode } from './summarize-episode.ts';
import type { SummaryProvider } from './summary-provider.ts';

const observer = { finished: () => undefined } as never;

let started: StartedStores;
let stores: StartedStores['stores'];

beforeAll(async () => {
  started = await startStores();
  ({ stores } = started);
});

afterAll(async () => {
  await started?.stop();
});

/** A provider that says these words, or throws this. */
const saying = (abstract: string | Error): SummaryProvider => ({
  name: 'extractive',
  summarize: (input) => {
    if (abstract instanceof Error) throw abstract;
    return Promise.resolve({ ...noSpeechSummary('extractive', input), abstract });
  },
});

const summarize = (job: SummarizeJob, provider: SummaryProvider, results: BlobStore = stores.results): Promise<void> =>
  summarizeEpisode(job, { log: SILENT, signal: new AbortController().signal, delivery: 1 } as never, {
    runtime: { ...stores, results, observer },
    chain: () => [provider],
    maxDeliveries: 5,
  });

/** An episode whose transcript is there, and whose summary says "old". */
async function summarized(episodeId: string): Promise<void> {
  const manifest = evenManifest(episodeId, { chunks: 1, chunkSeconds: 2, model: 'base', language: 'en', speech: [] });
  for (const chunk of manifest.chunks) chunk.silent = true;
  await planEpisode(stores, manifest);
  const audio = { cut: cutOf(manifest), seconds: 2, silent: [true] };
  await stores.episodes.update(episodeId, (state) => state && downloaded(state, audio, state.at.changed));
  await summarize({ v: 1, episodeId, lane: 'normal', provider: 'extractive' }, saying('old'));
}

const stateOf = async (episodeId: string) => {
  const state = await stores.episodes.get(episodeId);
  if (state === undefined) throw new Error(`There is no episode ${episodeId}.`);
  return state;
};

/** Asks for a new summary. @returns the job that was published for it. */
async function ask(episodeId: string, wish: SummaryWish = { provider: 'extractive' }): Promise<SummarizeJob> {
  const state = await stateOf(episodeId);
  expect(allChunksDone(state)).toBe(true);
  await resummarizeEpisode({ ...started.stores, connection: started.connection } as never, state, wish);
  const { streams } = await started.connection.jetstreamManager();
  return summarizeJobSchema.parse((await streams.getMessage(jobStream('summarize'), { last_by_subj: '>' })).json());
}

/** What becomes of the episode when its summarize job is a dead letter. */
async function dies(episodeId: string, message: string): Promise<void> {
  const letter = { queue: 'summarize', reason: 'not-configured', message, at: '2026-01-02T00:00:00.000Z' };
  await markDead({ ...stores, observer }, letter as DeadLetter, { episodeId, jobKey: episodeId }, 1);
}

const read = async (key: string): Promise<string> =>
  Buffer.from((await stores.results.read(key, { maxBytes: 100_000 })) ?? '').toString();

const said = async (episodeId: string): Promise<string[]> => [
  (JSON.parse(await read(summaryKey(episodeId, 'json'))) as { abstract: string }).abstract,
  /old|newer|new/.exec(await read(summaryKey(episodeId, 'md')))?.[0] ?? '',
];

describe('an episode that is summarized anew', () => {
  test('keeps its summary until the new one is there, which then takes its place in every format', async () => {
    await summarized('anew');
    const job = await ask('anew');
    expect((await stateOf('anew')).status).toBe('summarizing');
    expect(await said('anew')).toEqual(['old', 'old']);
    await summarize(job, saying('new'));
    expect(await said('anew')).toEqual(['new', 'new']);
    expect((await stateOf('anew')).status).toBe('done');
    expect(await stores.results.head(chaptersKey('anew'))).toBeDefined();
  });

  test('is done, with its old summary and the reason, where the new one can’t be made', async () => {
    await summarized('kept');
    const job = await ask('kept', { provider: 'openai' });
    await expect(summarize(job, saying(new PermanentError('not-configured', 'No key.')))).rejects.toThrow('No key.');
    await dies('kept', 'No key.');
    expect(await stateOf('kept')).toMatchObject({ status: 'done', errors: [{ message: 'No key.' }] });
    expect(await said('kept')).toEqual(['old', 'old']);
  });

  test('has one summary in every format where two replicas made one at once, and none of it is the old one', async () => {
    await summarized('raced');
    const job = await ask('raced');
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    const together = (words: string): SummaryProvider => {
      const provider = saying(words);
      return {
        ...provider,
        summarize: async (...args) => {
          if (++waiting === 2) both.resolve();
          await both.promise;
          return provider.summarize(...args);
        },
      };
    };
    await Promise.all([summarize(job, together('new')), summarize(job, together('newer'))]);
    const [json, markdown] = await said('raced');
    expect(json).toMatch(/^newe?r?$/);
    expect(markdown).toBe(json);
  });

  test('gets every format of the new one where one of the old was lost', async () => {
    await summarized('lost');
    await stores.results.delete(summaryKey('lost', 'json'));
    const job = await ask('lost');
    expect(job.replaces).toBeUndefined();
    await summarize(job, saying('new'));
    expect(await said('lost')).toEqual(['new', 'new']);
  });

  test('has one new summary in every format where its summarizer was killed in the middle', async () => {
    await summarized('killed');
    const job = await ask('killed');
    const dying = Object.assign(Object.create(stores.results) as BlobStore, {
      head: (key: string) => stores.results.head(key),
      read: stores.results.read.bind(stores.results),
      put: async (...[key, ...rest]: Parameters<BlobStore['put']>) => {
        if (key.endsWith('.md')) throw new Error('killed');
        return stores.results.put(key, ...rest);
      },
    });
    await expect(summarize(job, saying('new'), dying)).rejects.toThrow('killed');
    expect(await said('killed')).toEqual(['new', 'old']);
    await summarize(job, saying('newer'));
    expect(await said('killed')).toEqual(['new', 'new']);
  });

  test('is not summarized a third time when the job comes again, nor by one that found another summary', async () => {
    await summarized('twice');
    const [first, second] = [await ask('twice'), await ask('twice')];
    await summarize(first, saying('new'));
    await summarize(first, saying('newer'));
    await summarize(second, saying('newer'));
    expect(await said('twice')).toEqual(['new', 'new']);
  });
});

describe('an episode whose summary can’t be made', () => {
  test.each([
    ['a format of it', (id: string) => summaryKey(id, 'md')],
    ['its transcript', (id: string) => transcriptKey(id, 'json')],
  ])('is failed where %s is missing', async (_what, key) => {
    const id = `failed-${key('x').replaceAll(/\W/g, '-')}`;
    await summarized(id);
    await ask(id);
    await stores.results.delete(key(id));
    await dies(id, 'No.');
    expect((await stateOf(id)).status).toBe('failed');
  });
});
