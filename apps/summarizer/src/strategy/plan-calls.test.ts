import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { modelLimits } from './model-limits.ts';
import { groupNotes, planCalls, shareContext } from './plan-calls.ts';
import { BREAKS } from './transcript-lines.ts';

const lines = (count: number, tokens: number) =>
  Array.from({ length: count }, () => ({ tokens, breakBefore: BREAKS.sentence }));

describe('a transcript', () => {
  test('of three hours goes to the default model in one call', () => {
    const budget = shareContext(modelLimits('gpt-4o-mini'), 900);
    expect(planCalls(lines(500, 100), budget)).toEqual({ kind: 'whole' });
  });

  test('that would just not fit goes in parts', () => {
    const budget = shareContext(modelLimits('gpt-4o-mini'), 900);
    expect(planCalls(lines(1, budget.whole), budget).kind).toBe('whole');
    const plan = planCalls(lines(2, budget.whole / 2 + 1), budget);
    expect(plan).toEqual({
      kind: 'parts',
      stretches: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ],
    });
  });
});

describe('a context', () => {
  test('holds prompt, transcript and answer, however small it is', () => {
    const contexts = fc.integer({ min: 2400, max: 200_000 });
    fc.assert(
      fc.property(contexts, fc.integer({ min: 300, max: 1000 }), fc.boolean(), (contextTokens, prompt, reasons) => {
        const budget = shareContext({ contextTokens, maxAnswerTokens: contextTokens, reasons }, prompt);
        expect(prompt + budget.whole + budget.summaryAnswer).toBeLessThan(contextTokens);
        expect(prompt + budget.part + budget.notesAnswer).toBeLessThan(contextTokens);
        expect(budget.overlap).toBeLessThan(budget.part / 10);
      }),
    );
  });

  test('that leaves no room is refused, naming it', () => {
    const tiny = { contextTokens: 2048, maxAnswerTokens: 2048, reasons: false };
    expect(() => shareContext(tiny, 1000)).toThrow(
      /context of 2048 tokens leaves 457 for the transcript; 700 are needed/,
    );
  });

  test('of a reasoning model has room for its thoughts', () => {
    const thinking = shareContext(modelLimits('gpt-5-mini'), 900);
    expect(thinking.summaryAnswer).toBeGreaterThan(3 * shareContext(modelLimits('gpt-4o'), 900).summaryAnswer);
  });
});

describe('models', () => {
  test.each([
    ['gpt-4o-mini', 128_000, false],
    ['gpt-4o-mini-2024-07-18', 128_000, false],
    ['gpt-4.1', 1_047_576, false],
    ['gpt-5-mini', 400_000, true],
    ['gpt-6', 128_000, true],
    ['gpt-5-chat-latest', 128_000, false],
    ['o3', 200_000, true],
    ['some-model', 128_000, false],
    ['constructor', 128_000, false],
  ])('%s takes %i tokens; reasons: %s', (name, contextTokens, reasons) => {
    expect(modelLimits(name)).toMatchObject({ contextTokens, reasons });
  });
});

describe('groups of notes', () => {
  test('hold all notes in order, fewer in each round, until one call is enough', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        let left = sizes;
        for (let rounds = 0; left.length > 1; rounds++) {
          const groups = groupNotes(left, 600);
          expect(groups.flatMap(({ from, to }) => left.slice(from, to))).toEqual(left);
          expect(groups.length).toBeLessThanOrEqual(Math.ceil(left.length / 2));
          expect(rounds).toBeLessThan(10);
          if (groups.length === 1) break;
          left = groups.map(() => 300);
        }
      }),
    );
  });

  test('are as large as the budget allows', () => {
    expect(groupNotes([100, 100, 100, 100, 100], 300)).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 5 },
    ]);
    expect(groupNotes([100, 100, 100, 100], 300)).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ]);
  });
});
