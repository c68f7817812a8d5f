import { describe, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { EpisodeState } from '#shared/contracts/episode-state';
import { Batch } from '../batch/batch.ts';
import { bar } from './bar.ts';
import { batchLines } from './batch-lines.ts';
import { chunkMap } from './chunk-map.ts';
import { clock } from './clock.ts';
import { errorLines } from './error-lines.ts';
import { jsonReport, lineReport, type WatchReport } from './watch-report.ts';

const AT = '2026-01-01T00:00:00.000Z';
const NOW = Date.parse(AT) + 40_000;
const state = (fields: Partial<EpisodeState>): EpisodeState => ({
  v: 1,
  episodeId: 'e1',
  status: 'transcribing',
  lane: 'normal',
  chunks: '....',
  seconds: 400,
  title: 'A \u001b[2Jtitle',
  errors: [],
  at: { accepted: '2025-12-31T23:59:50.000Z', downloaded: AT, changed: '2026-01-01T00:00:20.000Z' },
  ...fields,
});

function batchOf(states: readonly EpisodeState[]): Batch {
  const batch = new Batch({});
  for (const one of states) batch.hear({ kind: 'state', state: one }, NOW);
  batch.hear({ kind: 'caught-up' }, NOW);
  return batch;
}

describe('the picture of a batch', () => {
  test('has a line a stage and a map of the chunks for one episode', () => {
    const batch = batchOf([state({ chunks: '##..' })]);
    batch.hear(
      { kind: 'progress', progress: { v: 1, episodeId: 'e1', stage: 'transcribe', chunk: 2, done: 0.1, total: 50 } },
      NOW - 20_000,
    );
    expect(batchLines(batch, NOW, 24)).toEqual([
      expect.stringMatching(/download +█{20} 100 % {2}6:40 of audio in 4 chunks/),
      expect.stringMatching(/transcribe +█{10}░{10} {2}50 % {2}chunk 2\/4 {2}ETA 0:01 {2}10\.0x real time/),
      '  chunks      ##=.',
      expect.stringMatching(/summarize +░{20} {3}0 %/),
    ]);
  });

  test('shows bytes while the download runs, also where nobody knows how many there will be', () => {
    const batch = batchOf([state({ status: 'downloading', chunks: '', at: { accepted: AT, changed: AT } })]);
    batch.hear({ kind: 'progress', progress: { v: 1, episodeId: 'e1', stage: 'download', done: 5_500_000 } }, NOW);
    expect(batchLines(batch, NOW, 24)[0]).toContain('5.5 MB');
  });

  test('has totals, and rows for as many at work as fit', () => {
    const many = Array.from({ length: 20 }, (_, index) => state({ episodeId: `e${index}`, chunks: '#...' }));
    const failed = state({ episodeId: 'f', status: 'failed' });
    const lines = batchLines(
      batchOf([...many, failed, state({ episodeId: 'w', status: 'accepted', chunks: '' })]),
      NOW,
      12,
    );
    expect(lines[0]).toBe('0 of 22 done, 1 failed, 20 at work, 1 waiting');
    expect(lines[2]).toMatch(/transcribe +█+░+ +23 % {2}33:20 of 2:20:00 {2}ETA [\d:]+ {2}100\.0x real time/);
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.at(-1)).toMatch(/and \d+ more at work/);
    expect(lines.join('')).not.toContain('\u001b');
  });

  test.each([
    ['#.!.', '#=!.', 60],
    ['##..', '#.', 2],
    ['#...', '=.', 2],
    ['!#..', '!.', 2],
    ['####', '#', 1],
  ])('draws the chunks %s as %s in %d columns', (chunks, map, width) => {
    expect(chunkMap(chunks, (index) => (index === 1 && chunks.startsWith('#.!') ? 0.5 : 0), width)).toBe(map);
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

/** What a report writes while these states come. */
function written(
  open: (batch: Batch, out: PassThrough) => WatchReport,
  before: EpisodeState[],
  after: EpisodeState[],
): string[] {
  const out = new PassThrough();
  const batch = batchOf(before);
  const report = open(batch, out);
  report.caughtUp();
  for (const one of after) {
    const changed = batch.hear({ kind: 'state', state: one }, NOW);
    if (changed) report.changed(changed, one);
  }
  report.end();
  return String(out.read() ?? '')
    .split('\n')
    .slice(0, -1);
}

describe('a report to a pipe', () => {
  test('is a line a change, without escape codes, and nothing twice', () => {
    const lines = written(
      lineReport,
      [state({})],
      [state({ chunks: '#...' }), state({ chunks: '#...' }), state({ status: 'summarizing', chunks: '####' })],
    );
    expect(lines.map((line) => line.slice(11))).toEqual([
      'e1                        transcribing  chunk 0/4  A title',
      'e1                        transcribing  chunk 1/4  A title',
      'e1                        summarizing   chunk 4/4  A title',
    ]);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\dZ {2}/);
  });

  test('tells stages and totals where there are many, not every chunk', () => {
    const many = Array.from({ length: 10 }, (_, index) => state({ episodeId: `e${index}` }));
    const [first = state({})] = many;
    const lines = written(lineReport, many, [
      { ...first, chunks: '#...' },
      { ...first, chunks: '##..' },
      { ...first, status: 'done', chunks: '####' },
    ]);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('0 of 10 done, 10 at work');
    expect(lines[3]).toContain('1 of 10 done, 9 at work');
  });

  test('is JSON a line for programs', () => {
    const lines = written(jsonReport, [state({})], [state({ status: 'done', chunks: '####' })]).map(
      (line) => JSON.parse(line) as object,
    );
    expect(lines).toMatchObject([
      { totals: { episodes: 1 } },
      { status: 'done' },
      { totals: { byStatus: { done: 1 } } },
    ]);
  });
});
