import { describe, expect, test } from '@jest/globals';
import type { EpisodeState, EpisodeStatus } from '#shared/contracts/episode-state';
import { Batch, type Selection } from './batch.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const HOUR = 3_600_000;
const at = (hours: number): string => new Date(START + HOUR * hours).toISOString();

/** An episode published and finished, or changed last, at these hours. */
function state(
  episodeId: string,
  status: EpisodeStatus,
  from: number,
  to: number,
  more: Partial<EpisodeState> = {},
): EpisodeState {
  const over = status === 'done' || status === 'failed';
  return {
    v: 1,
    episodeId,
    status,
    lane: 'normal',
    chunks: '',
    errors: [],
    at: { accepted: at(from), ...(over ? { finished: at(to) } : {}), changed: at(to) },
    ...more,
  };
}

function batchOf(states: readonly EpisodeState[], selection: Selection = {}, hours = 10): Batch {
  const batch = new Batch(selection);
  for (const one of states) batch.hear({ kind: 'state', state: one }, START + HOUR * hours);
  batch.hear({ kind: 'caught-up' }, START + HOUR * hours);
  return batch;
}

const ids = (batch: Batch): string[] =>
  batch
    .episodes()
    .map(({ episodeId }) => episodeId)
    .toSorted();

describe('the batch that is watched', () => {
  test('is what is at work, and what was finished while it was', () => {
    const batch = batchOf([
      state('old', 'done', 0, 1),
      state('chained', 'done', 2, 6),
      state('early', 'done', 5, 8),
      state('failed', 'failed', 7, 8),
      state('now', 'transcribing', 7, 9),
    ]);
    expect(ids(batch)).toEqual(['chained', 'early', 'failed', 'now']);
    expect(batch.over).toBe(false);
  });

  test('is the last one where nothing is at work', () => {
    const batch = batchOf([state('old', 'done', 0, 1), state('a', 'done', 4, 6), state('b', 'failed', 5, 7)]);
    expect(ids(batch)).toEqual(['a', 'b']);
    expect(batch.over).toBe(true);
  });

  test('does not grow to a week because one episode has stood still for one', () => {
    const batch = batchOf(
      [state('stuck', 'transcribing', 0, 1), state('b', 'done', 10, 60), state('a', 'accepted', 100, 100)],
      {},
      100,
    );
    expect(ids(batch)).toEqual(['a', 'stuck']);
  });

  test('takes in what is published meanwhile, and is over when all is', () => {
    const batch = batchOf([state('a', 'transcribing', 1, 2)]);
    batch.hear({ kind: 'state', state: state('b', 'accepted', 3, 3) }, START);
    batch.hear({ kind: 'state', state: state('a', 'done', 1, 4) }, START);
    expect(batch.over).toBe(false);
    batch.hear({ kind: 'state', state: state('b', 'failed', 3, 5) }, START);
    expect(batch.over).toBe(true);
  });

  test('is not over while the queue holds episodes that nobody has announced', () => {
    const batch = batchOf([state('a', 'done', 1, 2)]);
    batch.queued = 2;
    expect(batch.over).toBe(false);
    expect(batch.totals(START)).toMatchObject({ episodes: 1, queued: 2 });
    batch.queued = 0;
    expect(batch.over).toBe(true);
  });

  test('is one feed’s, or the episodes named, and nobody else’s', () => {
    const feed = 'https://example.org/feed';
    const request = { v: 1 as const, url: 'https://example.org/a.mp3', feed, options: {} };
    const states = [state('a', 'transcribing', 1, 2, { request }), state('b', 'transcribing', 1, 2)];
    expect(ids(batchOf(states, { feed }))).toEqual(['a']);
    expect(ids(batchOf(states, { ids: ['b'] }))).toEqual(['b']);
    expect(batchOf(states, { ids: ['b', 'not-yet'] }).over).toBe(false);
  });

  test('counts running chunks by what they report, and forgets it when they are stored', () => {
    const working = state('a', 'transcribing', 1, 1, {
      chunks: '..',
      seconds: 100,
      at: { accepted: at(1), downloaded: at(1), changed: at(1) },
    });
    const batch = batchOf([working]);
    batch.hear(
      { kind: 'progress', progress: { v: 1, episodeId: 'a', stage: 'transcribe', chunk: 0, done: 25, total: 50 } },
      START + HOUR,
    );
    expect(batch.totals(START + HOUR).stages.transcribe).toMatchObject({ secondsDone: 25, secondsLeft: 75 });
    batch.hear({ kind: 'state', state: { ...working, chunks: '#.' } }, START + HOUR);
    expect(batch.totals(START + HOUR).stages.transcribe.secondsDone).toBe(50);
  });

  test('drops an episode that was deleted', () => {
    const batch = batchOf([state('a', 'transcribing', 1, 2), state('b', 'transcribing', 1, 2)]);
    batch.hear({ kind: 'gone', episodeId: 'a' }, START);
    expect(ids(batch)).toEqual(['b']);
  });
});
