import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { languageKey, manifestKey } from '#shared/contracts/artifact-keys';
import type { TranscribeJob } from '#shared/contracts/jobs';
import { languageDecisionSchema } from '#shared/contracts/language-decision';
import { cutOf, type Manifest, manifestSchema } from '#shared/contracts/manifest';
import { PermanentError, RetryableError } from '#shared/errors';
import { SILENT } from '#shared/observability/log';
import { createJson, readJson } from '#shared/storage/json-blobs';
import { evenManifest } from '../../../../../test/support/even-manifest.ts';
import { type NatsServer, startNatsServer } from '../../../../../test/support/nats-server.ts';
import { type StartedBucket, startBucket } from '../../../../../test/support/start-bucket.ts';
import { audioKey } from '../continue-episode.ts';
import { EpisodeLanguages, type LanguageListener } from './episode-languages.ts';

jest.setTimeout(60_000);

const context = { log: SILENT, signal: new AbortController().signal } as never;

let nats: NatsServer;
let audio: StartedBucket;
let results: StartedBucket;

beforeAll(async () => {
  nats = await startNatsServer();
  audio = await startBucket(nats.url, { bucket: 'audio' });
  results = await startBucket(nats.url, { bucket: 'results' });
});

afterAll(async () => {
  await audio?.close();
  await results?.close();
  await nats?.stop();
});

/** An episode of three chunks of 2 minutes, and the job of the first. */
async function cut(episodeId: string): Promise<{ manifest: Manifest; job: TranscribeJob }> {
  const speech = Array.from({ length: 72 }, (_, at): [number, number] => [5 * at, 5 * at + 4]);
  const manifest = evenManifest(episodeId, { chunks: 3, chunkSeconds: 120, model: 'base', language: 'auto', speech });
  for (const chunk of manifest.chunks) await audio.store.put(audioKey(manifest, chunk), Buffer.from(`${chunk.index}`));
  await createJson(results.store, manifestKey(episodeId), manifestSchema, manifest);
  const job: TranscribeJob = {
    v: 1,
    episodeId,
    lane: 'normal',
    cut: cutOf(manifest),
    chunk: 0,
    chunks: 3,
    seconds: 120,
    speech: [],
    audio: '',
    provider: 'whisper',
    model: 'base',
    language: 'auto',
    decoding: {},
  };
  return { manifest, job };
}

/** Hears in each chunk what is said here, and counts how often it was asked. */
function listener(said: Readonly<Record<string, string | Error>>): LanguageListener & { asked: string[] } {
  const asked: string[] = [];
  return {
    places: 5,
    asked,
    listen: async (bytes) => {
      const chunk = Buffer.from(bytes).toString();
      asked.push(chunk);
      const heard = said[chunk] ?? 'und';
      if (heard instanceof Error) throw heard;
      return { language: heard, probability: 0.9 };
    },
  };
}

const languages = (who?: LanguageListener) => new EpisodeLanguages({ audio: audio.store, results: results.store }, who);

describe('the language of an episode nobody named one for', () => {
  test('is decided once for all its chunks, and known to replicas that come later or can’t listen', async () => {
    const { job } = await cut('once');
    const ear = listener({ 0: 'de', 1: 'de', 2: 'de' });
    const here = languages(ear);
    const jobs = [0, 1, 2].map((chunk) => here.languageOf({ ...job, chunk }, context));
    expect(await Promise.all(jobs)).toEqual(['de', 'de', 'de']);
    expect(ear.asked).toHaveLength(3);
    const late = listener({ 0: 'fr', 1: 'fr', 2: 'fr' });
    expect(await languages(late).languageOf(job, context)).toBe('de');
    expect(late.asked).toEqual([]);
    expect(await languages().languageOf(job, context)).toBe('de');
  });

  test('is the same for two replicas that listen at the same time', async () => {
    const { job } = await cut('two');
    const answers = await Promise.all(
      [listener({ 0: 'de', 1: 'de', 2: 'de' }), listener({ 0: 'nl', 1: 'nl', 2: 'nl' })].map((ear) =>
        languages(ear).languageOf(job, context),
      ),
    );
    expect(new Set(answers).size).toBe(1);
  });

  test('is that of the majority; what was heard where is stored', async () => {
    const { job } = await cut('mixed');
    const ear = listener({ 0: 'en', 1: 'de', 2: 'de' });
    expect(await languages(ear).languageOf(job, context)).toBe('de');
    expect(ear.asked).toHaveLength(5);
    const key = languageKey('mixed', job.cut);
    const decision = await readJson(results.store, key, languageDecisionSchema, 10_000);
    expect(decision).toMatchObject({ language: 'de', model: 'base' });
    expect(decision?.probes.filter(({ language }) => language === 'en').every(({ end }) => end <= 120)).toBe(true);
  });

  test('does not hang on one place that can’t be heard, or whose audio is gone', async () => {
    const { manifest, job } = await cut('holes');
    await audio.store.delete(audioKey(manifest, manifest.chunks[2]!));
    const ear = listener({ 0: 'sv', 1: new PermanentError('unreadable-audio', 'broken') });
    expect(await languages(ear).languageOf(job, context)).toBe('sv');
  });

  test('is asked for again after an engine that died', async () => {
    const { job } = await cut('died');
    const dead = new RetryableError('engine-died', 'killed');
    const ear = listener({ 0: dead, 1: dead, 2: dead });
    await expect(languages(ear).languageOf(job, context)).rejects.toThrow('killed');
    expect(await languages(listener({ 0: 'it', 1: 'it', 2: 'it' })).languageOf(job, context)).toBe('it');
  });

  test('is each chunk’s own affair where nobody listens, or the episode was cut anew', async () => {
    const { job } = await cut('alone');
    expect(await languages().languageOf(job, context)).toBe('auto');
    expect(await languages({ ...listener({}), places: 0 }).languageOf(job, context)).toBe('auto');
    const ear = listener({ 0: 'de' });
    expect(await languages(ear).languageOf({ ...job, cut: '0123456789ab' }, context)).toBe('auto');
    expect(ear.asked).toEqual([]);
  });
});

test('a language that was asked for is not listened for', async () => {
  const { job } = await cut('forced');
  const ear = listener({ 0: 'de', 1: 'de', 2: 'de' });
  expect(await languages(ear).languageOf({ ...job, language: 'fr' }, context)).toBe('fr');
  expect(ear.asked).toEqual([]);
});
