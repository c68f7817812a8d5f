import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutLines, type MeasuredLine } from './cut-lines.ts';
import { BREAKS } from './transcript-lines.ts';

const line = fc.record({
  tokens: fc.integer({ min: 1, max: 200 }),
  breakBefore: fc.constantFrom(...Object.values(BREAKS)),
});

describe('stretches', () => {
  test('hold every line, in order, within the budget, overlapping by no more than asked for', () => {
    const lines = fc.array(line, { maxLength: 120 });
    const budget = fc.integer({ min: 250, max: 2000 });
    fc.assert(
      fc.property(lines, budget, fc.integer({ min: 0, max: 100 }), (lines, budget, overlap) => {
        const size = (from: number, to: number): number =>
          lines.slice(from, to).reduce((sum, { tokens }) => sum + tokens, 0);
        let covered = 0;
        for (const { from, to } of cutLines(lines, { budget, overlap })) {
          expect(from).toBeLessThanOrEqual(covered);
          expect(to).toBeGreaterThan(covered);
          expect(size(from, covered)).toBeLessThanOrEqual(overlap);
          expect(size(from, to)).toBeLessThanOrEqual(budget);
          covered = to;
        }
        expect(covered).toBe(lines.length);
      }),
      { numRuns: 500 },
    );
  });

  test('are about the same size, not full ones and a rest', () => {
    const lines = Array.from({ length: 105 }, (): MeasuredLine => ({ tokens: 100, breakBefore: BREAKS.sentence }));
    const sizes = cutLines(lines, { budget: 5000, overlap: 0 }).map(({ from, to }) => to - from);
    expect(sizes).toHaveLength(3);
    expect(Math.min(...sizes)).toBeGreaterThan(28);
  });

  test('end where a speaker ends, rather than a paragraph or a sentence', () => {
    const lines = Array.from({ length: 20 }, (_, i): MeasuredLine => ({
      tokens: 100,
      breakBefore: i === 9 ? BREAKS.speaker : i === 10 ? BREAKS.paragraph : BREAKS.sentence,
    }));
    expect(cutLines(lines, { budget: 1200, overlap: 0 })[0]).toEqual({ from: 0, to: 9 });
    lines[9]!.breakBefore = BREAKS.none;
    expect(cutLines(lines, { budget: 1200, overlap: 0 })[0]).toEqual({ from: 0, to: 10 });
  });

  test('that would be one are one', () => {
    expect(cutLines([], { budget: 10, overlap: 2 })).toEqual([]);
    expect(cutLines([{ tokens: 10, breakBefore: BREAKS.speaker }], { budget: 10, overlap: 2 })).toEqual([
      { from: 0, to: 1 },
    ]);
  });
});
