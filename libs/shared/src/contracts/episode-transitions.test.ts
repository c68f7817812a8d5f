import { describe, expect, test } from '@jest/globals';
import type { EpisodeError, EpisodeState } from './episode-state.ts';
import {
  accepted,
  allChunksDone,
  chunkDone,
  downloaded,
  failed,
  summarized,
  transcribed,
  uncut,
} from './episode-transitions.ts';
import { episodeRequestSchema } from './episode-request.ts';

const CUT = '0123456789ab';
const NOW = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T01:00:00.000Z';
const request = episodeRequestSchema.parse({ url: 'https://example.com/a.mp3' });
const fresh = (): EpisodeState => accepted(undefined, { request, episodeId: 'e1', lane: 'normal', now: NOW });
const cut = (silent = [false, false, true]): EpisodeState =>
  downloaded(fresh(), { cut: CUT, seconds: 900, silent }, NOW);
const error = (fields: Partial<EpisodeError> = {}): EpisodeError => ({
  queue: 'transcribe-whisper',
  reason: 'engine',
  message: 'died',
  at: LATER,
  ...fields,
});

describe('an episode', () => {
  test('counts silent chunks as done once it is cut', () => {
    expect(cut()).toMatchObject({ status: 'transcribing', chunks: '..#', seconds: 900 });
  });

  test('counts a chunk once', () => {
    const once = chunkDone(cut(), { cut: CUT, chunk: 1 }, NOW);
    expect(once?.chunks).toBe('.##');
    expect(once && chunkDone(once, { cut: CUT, chunk: 1 }, NOW)).toBeUndefined();
  });

  test('ignores a chunk it does not have', () => {
    expect(chunkDone(cut(), { cut: CUT, chunk: 3 }, NOW)).toBeUndefined();
  });

  test('is transcribed when no chunk is pending or dead', () => {
    const states = ['..#', '###', '#!#', ''].map((chunks) => allChunksDone({ ...cut(), chunks }));
    expect(states).toEqual([false, true, false, false]);
  });

  test('keeps the chunks that are done when it is cut again', () => {
    const state = chunkDone(cut(), { cut: CUT, chunk: 0 }, NOW) as EpisodeState;
    expect(downloaded(state, { cut: CUT, seconds: 900, silent: [false, false, true] }, LATER).chunks).toBe('#.#');
  });

  test('begins anew when it is cut another way, and counts no chunk of the way before', () => {
    const state = chunkDone(cut(), { cut: CUT, chunk: 0 }, NOW) as EpisodeState;
    const other = downloaded(state, { cut: 'fedcba987654', seconds: 900, silent: [false, false, true] }, LATER);
    expect(other).toMatchObject({ cut: 'fedcba987654', chunks: '..#' });
    expect(chunkDone(other, { cut: CUT, chunk: 1 }, LATER)).toBeUndefined();
  });

  test('forgets only the cut that is meant', () => {
    expect(uncut(cut(), CUT)).not.toHaveProperty('cut');
    expect(uncut(cut(), CUT)?.chunks).toBe('');
    expect(uncut(cut(), 'fedcba987654')).toBeUndefined();
  });

  test('fails with the reason when a chunk dies, and names the chunk', () => {
    const state = failed(cut(), 'e1', error({ chunk: 1 }));
    expect(state).toMatchObject({ status: 'failed', chunks: '.!#', errors: [{ reason: 'engine', chunk: 1 }] });
  });

  test('keeps the same error once, however often it is told', () => {
    const once = failed(cut(), 'e1', error({ chunk: 1 })) as EpisodeState;
    expect(failed(once, 'e1', error({ chunk: 1 }))?.errors).toHaveLength(1);
  });

  test('shows an error even where the request was too broken to be taken in', () => {
    expect(failed(undefined, 'invalid-1', error({ queue: 'download' }))).toMatchObject({
      status: 'failed',
      episodeId: 'invalid-1',
    });
  });

  test('comes back to life when its dead chunk is replayed', () => {
    const dead = failed(cut(), 'e1', error({ chunk: 1 })) as EpisodeState;
    expect(chunkDone(dead, { cut: CUT, chunk: 1 }, NOW)).toMatchObject({ status: 'transcribing', chunks: '.##' });
  });

  test('is taken up again when it is published after a failure, with its finished chunks', () => {
    const dead = failed({ ...cut(), chunks: '#.#' }, 'e1', error({ chunk: 1 })) as EpisodeState;
    expect(accepted(dead, { request, episodeId: 'e1', lane: 'normal', now: LATER })).toMatchObject({
      status: 'accepted',
      chunks: '#.#',
    });
  });

  test('is left alone when it is published while at work', () => {
    const state = cut();
    expect(accepted(state, { request, episodeId: 'e1', lane: 'high', now: LATER })).toBe(state);
    const announced = accepted(fresh(), { request, episodeId: 'e1', lane: 'normal', now: LATER, published: NOW });
    expect(announced).toEqual({ ...fresh(), at: { ...fresh().at, published: NOW } });
  });

  test('stays done, whatever comes late', () => {
    const done = summarized(transcribed(cut(), NOW) as EpisodeState, NOW) as EpisodeState;
    expect([failed(done, 'e1', error()), transcribed(done, LATER), summarized(done, LATER)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
