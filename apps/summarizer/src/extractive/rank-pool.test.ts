import { afterEach, describe, expect, test } from '@jest/globals';
import { cutParts } from './cut-parts.ts';
import { rankPart } from './rank-part.ts';
import { RankPool } from './rank-pool.ts';

const segments = Array.from({ length: 3000 }, (_, i) => ({
  start: i,
  end: i + 1,
  text: `The ${['mill', 'tide', 'river', 'stone'][i % 4]} number ${i} turns slowly.`,
}));
const parts = cutParts(segments, 'en');
const never = new AbortController().signal;

let pool = new RankPool(1);
afterEach(() => pool.close());

describe('threads', () => {
  test('find what one thread alone finds, in the same order, and never outnumber the pool', async () => {
    pool = new RankPool(2);
    const [first, second] = await Promise.all([pool.rankAll(parts, never), pool.rankAll(parts, never)]);
    expect(first).toEqual(parts.map(rankPart));
    expect(second).toEqual(first);
    expect(pool.threads).toBe(2);
  });

  test('stop for an aborted transcript and go on for the next', async () => {
    pool = new RankPool(1);
    const abort = new AbortController();
    const cancelled = pool.rankAll(parts, abort.signal);
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
    await expect(pool.rankAll(parts.slice(0, 2), never)).resolves.toHaveLength(2);
  });

  test('that fail fail their transcript, not the next one', async () => {
    pool = new RankPool(1);
    const broken = { ...parts[0]!, segments: [null as never] };
    await expect(pool.rankAll([broken], never)).rejects.toThrow(/A thread of the summarizer failed: Cannot read/);
    await expect(pool.rankAll(parts.slice(0, 1), never)).resolves.toHaveLength(1);
  });

  test('closing cancels what is under way', async () => {
    pool = new RankPool(1);
    const cancelled = pool.rankAll(parts, never);
    const outcome = expect(cancelled).rejects.toMatchObject({ reason: 'cancelled' });
    await pool.close();
    await outcome;
    expect(pool.threads).toBe(0);
  });
});
