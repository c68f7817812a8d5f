import { describe, expect, test } from '@jest/globals';
import type { EpisodeState } from '#shared/contracts/episode-state';
import type { Progress } from '#shared/contracts/events';
import {
  bar,
  clock,
  EMPTY_VIEW,
  errorLines,
  pace,
  stageLines,
  transcribedSeconds,
  withProgress,
  withState,
} from './episode-view.ts';

const AT = '2026-01-01T00:00:00.000Z';
const state = (fields: Partial<EpisodeState>): EpisodeState => ({
  v: 1,
  episodeId: 'e1',
  status: 'transcribing',
  lane: 'normal',
  chunks: '....',
  seconds: 400,
  errors: [],
  at: { accepted: AT, changed: AT },
  ...fields,
});
const chunkProgress = (chunk: number, done: number): Progress => ({
  v: 1,
  episodeId: 'e1',
  stage: 'transcribe',
  chunk,
  done,
  total: 100,
});

describe('the view of an episode', () => {
  test('counts finished chunks whole and running ones by their share', () => {
    const view = withProgress(withState(EMPTY_VIEW, state({ chunks: '#...' }), 0), chunkProgress(1, 50));
    expect(transcribedSeconds(view)).toBe(150);
  });

  test('tells rate and remaining time from what was done since it began to look', () => {
    const begun = withState(EMPTY_VIEW, state({ chunks: '#...' }), 1000);
    const later = withState(begun, state({ chunks: '##..' }), 11_000);
    expect(pace(later, 11_000)).toEqual({ rate: 10, etaSeconds: 20 });
  });

  test('tells no time before anything was done', () => {
    expect(pace(withState(EMPTY_VIEW, state({}), 0), 5000)).toBeUndefined();
  });

  test('shows a line a stage', () => {
    const lines = stageLines(withState(EMPTY_VIEW, state({ chunks: '##..' }), 0), 0);
    expect(lines).toEqual([
      expect.stringMatching(/download +█{24} 100 % {2}6:40 of audio in 4 chunks/),
      expect.stringMatching(/transcribe +█{12}░{12} {2}50 % {2}chunk 2\/4/),
      expect.stringMatching(/summarize +░{24} {3}0 %/),
    ]);
  });

  test('shows bytes while the download runs, also where nobody knows how many there will be', () => {
    const view = withProgress(withState(EMPTY_VIEW, state({ status: 'downloading', chunks: '' }), 0), {
      v: 1,
      episodeId: 'e1',
      stage: 'download',
      done: 5_500_000,
    });
    expect(stageLines(view, 0)[0]).toContain('5.5 MB');
  });

  test('never lets an error’s text reach the terminal raw', () => {
    const hostile = state({
      errors: [{ queue: 'download', reason: 'http', message: 'bad \u001b[2Jtitle\nline', at: AT }],
    });
    expect(errorLines(hostile)).toEqual(['  download: bad title line [http]']);
  });

  test.each([
    [59.6, '1:00'],
    [3661, '1:01:01'],
    [-5, '0:00'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(clock(seconds)).toBe(text);
  });

  test('keeps a bar inside its width, whatever the share', () => {
    expect([bar(-1, 4), bar(0.5, 4), bar(9, 4)]).toEqual(['░░░░', '██░░', '████']);
  });
});
