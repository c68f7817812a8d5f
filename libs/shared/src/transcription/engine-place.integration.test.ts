import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transcribeJobSchema } from '#shared/contracts/jobs';
import { jobStream } from '#shared/contracts/subjects';
import { ProgressReporter } from '#shared/jetstream/progress';
import { SILENT } from '#shared/observability/log';
import type { BlobStore } from '#shared/storage/blob-store';
import { evenManifest } from '../../../../test/support/even-manifest.ts';
import { cutEpisode } from '../../../../test/support/plan-episode.ts';
import { type StartedStores, startStores } from '../../../../test/support/start-stores.ts';
import { transcribeChunk } from './transcribe-chunk.ts';

let started: StartedStores;

beforeAll(async () => {
  started = await startStores();
});

afterAll(async () => {
  await started?.stop();
});

test('a chunk’s audio is read before it waits for an engine, which is free before the text is stored', async () => {
  const { stores, connection } = started;
  const manifest = evenManifest('waiting', { chunks: 1, chunkSeconds: 2, model: 'tiny.en', language: 'en' });
  await cutEpisode(stores, manifest);
  const { streams } = await connection.jetstreamManager();
  const job = transcribeJobSchema.parse(
    (await streams.getMessage(jobStream('transcribe-whisper'), { last_by_subj: '>' })).json(),
  );

  const order: string[] = [];
  const told = (store: BlobStore, method: 'read' | 'create', what: string): BlobStore =>
    new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === method) order.push(what);
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  const context = { log: SILENT, signal: new AbortController().signal, streamSequence: 1 };
  await transcribeChunk(job, context as never, {
    runtime: {
      ...stores,
      audio: told(stores.audio, 'read', 'read'),
      results: told(stores.results, 'create', 'store'),
    },
    engine: {
      name: 'test',
      attempt: async (_audio, { seconds: end }, _settings, call) => {
        call.onProgress(0.5);
        return {
          answer: { language: 'en', segments: [{ start: 0, end, text: 'Four words of speech.' }], warnings: [] },
        };
      },
    },
    place: {
      enter: async () => void order.push('enter'),
      progress: (share) => void order.push(`${share}`),
      leave: () => void order.push('leave'),
    },
    progress: new ProgressReporter(connection),
    timeout: { perSecond: 1, constantSeconds: 10 },
    incomplete: { finally: 'fail' },
  });
  expect(order.slice(0, 6)).toEqual(['read', 'enter', '0', '0.5', 'leave', 'store']);
});
