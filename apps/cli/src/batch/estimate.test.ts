import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { episodeWork } from './episode-work.ts';
import { simulatedBatch } from '../../../../test/support/simulated-batch.ts';
import { totalsOf } from './totals.ts';

const AT = '2026-01-01T00:00:00.000Z';
const NOW = Date.parse(AT) + 100_000;
const later = (seconds: number): string => new Date(Date.parse(AT) + 1000 * seconds).toISOString();
const episode = (id: string, fields: Partial<EpisodeState>) =>
  episodeWork({
    v: 1,
    episodeId: id,
    status: 'transcribing',
    lane: 'normal',
    chunks: '',
    errors: [],
    at: { accepted: AT, changed: AT },
    ...fields,
  });
const transcribing = (id: string, chunks: string, seconds: number, changed: number) =>
  episode(id, { chunks, seconds, at: { accepted: AT, downloaded: AT, changed: later(changed) } });

describe('the estimate of a batch', () => {
  test('is right within a quarter after the first tenth, for batches of any lengths and fleets of any size', () => {
    fc.assert(
      fc.property(simulatedBatch(), (batch) => {
        for (const share of [0.1, 0.25, 0.5]) {
          const { states, nowMs, leftSeconds } = batch.at(share);
          const { etaSeconds } = totalsOf(states.map(episodeWork), nowMs);
          expect(Math.abs((etaSeconds ?? 0) - leftSeconds) / leftSeconds).toBeLessThan(0.25);
        }
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  test('goes by the summaries where they pile up', () => {
    const at = { accepted: AT, downloaded: AT, transcribed: AT };
    const batch = Array.from({ length: 10 }, (_, index) =>
      index < 2
        ? episode(`e${index}`, {
            status: 'done',
            chunks: '#',
            seconds: 600,
            at: { ...at, finished: later(90), changed: later(90) },
          })
        : episode(`e${index}`, { status: 'summarizing', chunks: '#', seconds: 600, at: { ...at, changed: AT } }),
    );
    expect(totalsOf(batch, NOW).etaSeconds).toBe(4 * 90 - 10);
  });

  test('says nothing before the first chunk is transcribed', () => {
    expect(totalsOf([transcribing('a', '....', 1200, 0)], NOW)).not.toHaveProperty('etaSeconds');
  });

  test('does not seem to slow down between two chunks', () => {
    const totals = totalsOf([transcribing('a', '##..', 1200, 90)], NOW);
    expect(totals).toMatchObject({ rate: 600 / 90, etaSeconds: 90 - 10 });
  });

  test('counts the wait where nothing has come for as long as all took before', () => {
    const totals = totalsOf([transcribing('a', '##..', 1200, 40)], NOW);
    expect(totals.etaSeconds).toBe(100);
  });

  test('takes an unknown length for what the feed says, else for the mean', () => {
    const request = { v: 1 as const, url: 'https://example.org/a.mp3', options: {} };
    const batch = [
      transcribing('a', '##', 600, 50),
      episode('b', { status: 'accepted', request: { ...request, seconds: 1000 } }),
      episode('c', { status: 'accepted', request }),
    ];
    expect(totalsOf(batch, NOW).audioSeconds).toBe(600 + 1000 + 800);
    // What failed before its download has no length, and never will.
    expect(totalsOf([...batch, episode('d', { status: 'failed', request })], NOW).audioSeconds).toBe(600 + 1000 + 800);
    expect(totalsOf(batch, NOW, undefined, 2).stages.transcribe.secondsLeft).toBe(1000 + 800 + 2 * 800);
  });

  test('keeps providers apart: a fast one does not make the other’s work short', () => {
    const by = (provider: 'whisper' | 'openai') => ({
      request: { v: 1 as const, url: 'https://example.org/a.mp3', options: { provider } },
    });
    const slow = { ...transcribing('a', '#...', 400, 100), provider: by('whisper').request.options.provider };
    const fast = { ...transcribing('b', '###.', 4000, 100), provider: by('openai').request.options.provider };
    expect(totalsOf([slow, fast], NOW).etaSeconds).toBe(300);
  });

  test('expects no work of what failed, nor of what its publisher has transcribed', () => {
    const done = { accepted: AT, downloaded: AT, transcribed: later(50), finished: later(60), changed: later(60) };
    const batch = [
      episode('a', { status: 'done', chunks: '##', seconds: 600, at: done }),
      episode('b', { status: 'failed', chunks: '#!', seconds: 600 }),
      episode('c', { status: 'done', chunks: '', seconds: 600, at: done }),
    ];
    expect(totalsOf(batch, NOW)).toMatchObject({
      etaSeconds: 0,
      byStatus: { done: 2, failed: 1 },
      stages: { transcribe: { secondsDone: 600, secondsLeft: 0 } },
    });
  });

  test('adds up what it cost, and says where a price is not known', () => {
    const call = { calls: 2, audioSeconds: 60, inputTokens: 0, outputTokens: 0 };
    const batch = [
      episode('a', { cost: { transcript: { ...call, dollars: 0.5 }, summary: { ...call, dollars: 0.25 } } }),
      episode('b', { cost: { transcript: call } }),
    ];
    expect(totalsOf(batch, NOW)).toMatchObject({ dollars: 0.75, unpricedCalls: 2 });
  });
});
