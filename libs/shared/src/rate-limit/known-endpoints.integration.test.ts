import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KV } from 'nats';
import { limitsBuckets } from '../../../../test/support/limits-buckets.ts';
import { enterEndpoint } from './known-endpoints.ts';

const NOW = 1_800_000_000_000;
const AGE = 83_000;

const buckets = limitsBuckets();
let bucket: KV;

beforeEach(async () => {
  ({ bucket } = await buckets.fresh());
});

const enter = (endpoint: string, now: number): Promise<'new' | 'known'> => enterEndpoint(bucket, endpoint, now, AGE);

describe('the register of endpoints', () => {
  test('proves nothing while it is young: it may have replaced one that was lost', async () => {
    expect(await enter('a.transcription', NOW)).toBe('known');
    expect(await enter('b.transcription', NOW + AGE - 1)).toBe('known');
  });

  test('proves that an endpoint it does not hold is new once it is old, to one replica alone', async () => {
    await enter('a.transcription', NOW);
    const answers = await Promise.all([1, 2, 3].map((at) => enter('b.transcription', NOW + AGE + at)));
    expect(answers.toSorted()).toEqual(['known', 'known', 'new']);
    expect(await enter('a.transcription', NOW + AGE)).toBe('known');
  });

  test.each([
    ['deleted', () => bucket.delete('known')],
    ['purged', () => bucket.purge('known')],
    ['garbage', () => bucket.put('known', '{{{')],
  ])('that was %s begins anew, and proves nothing again', async (_what, damage) => {
    await enter('a.transcription', NOW);
    await damage();
    expect(await enter('b.transcription', NOW + AGE)).toBe('known');
    expect(await enter('c.transcription', NOW + 2 * AGE - 1)).toBe('known');
    expect(await enter('d.transcription', NOW + 2 * AGE)).toBe('new');
  });
});
