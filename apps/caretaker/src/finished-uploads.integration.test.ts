import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MINUTE } from '#shared/config/defaults';
import { UPLOADS_PREFIX, uploadKey } from '#shared/contracts/artifact-keys';
import { episodeRequestSchema } from '#shared/contracts/episode-request';
import type { EpisodeStatus } from '#shared/contracts/episode-state';
import { accepted } from '#shared/contracts/episode-transitions';
import { type StartedStores, startStores } from '../../../test/support/start-stores.ts';
import { removeFinishedUploads } from './finished-uploads.ts';

let started: StartedStores;
let stores: StartedStores['stores'];

beforeAll(async () => {
  started = await startStores();
  ({ stores } = started);
});

afterEach(async () => {
  for await (const { key } of stores.audio.list('')) await stores.audio.delete(key);
});

afterAll(async () => {
  await started?.stop();
});

const LATER = 11 * MINUTE;

/** An uploaded file, and an episode of it for each status. */
async function upload(name: string, ...statuses: EpisodeStatus[]): Promise<void> {
  const sha256 = createHash('sha256').update(name).digest('hex');
  await stores.audio.put(uploadKey(sha256), Buffer.from(name));
  for (const status of statuses) {
    const episodeId = `${name}-${status}`;
    const request = episodeRequestSchema.parse({ url: `upload:${sha256}`, id: episodeId });
    const now = new Date().toISOString();
    await stores.episodes.update(episodeId, () => ({
      ...accepted(undefined, { request, episodeId, lane: 'normal', now }),
      status,
    }));
  }
}

/** What is left, as it was uploaded. */
async function left(): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of stores.audio.list(UPLOADS_PREFIX))
    names.push(Buffer.from((await stores.audio.read(key, { maxBytes: 100 })) ?? '').toString());
  return names.toSorted();
}

describe('an upload', () => {
  test('goes when all of its episodes are finished, and stays while one waits, works or may be tried again', async () => {
    await upload('one', 'done');
    await upload('given-up', 'cancelled');
    await upload('two', 'done', 'accepted');
    await upload('failed', 'failed');
    await upload('at-work', 'transcribing');
    await upload('nobody’s');
    expect(await removeFinishedUploads(stores, Date.now() + LATER)).toBe(2);
    expect(await left()).toEqual(['at-work', 'failed', 'nobody’s', 'two']);
    expect(await removeFinishedUploads(stores, Date.now() + LATER)).toBe(0);
  });

  test('stays for a while: it may be about to be published again', async () => {
    await upload('young', 'done');
    expect(await removeFinishedUploads(stores, Date.now())).toBe(0);
    expect(await left()).toEqual(['young']);
  });

  test('leaves chunks of audio to those who work with them', async () => {
    await stores.audio.put('episode/audio/0123456789ab/0000.flac', Buffer.from('chunk'));
    expect(await removeFinishedUploads(stores, Date.now() + LATER)).toBe(0);
    expect(await stores.audio.head('episode/audio/0123456789ab/0000.flac')).toBeDefined();
  });
});
