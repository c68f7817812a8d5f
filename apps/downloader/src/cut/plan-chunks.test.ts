import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FRAME_SAMPLES } from './frame-levels.ts';
import { planChunks, type PlanInput } from './plan-chunks.ts';
import { speechMap } from './speech-map.ts';

const RATE = 16_000;
const NOISE = -62;

/** Syllables: 0.2 s up, 0.1 s down, with a slow drift so that no two gaps are equally quiet. */
const speech = (frames: number): number[] =>
  Array.from({ length: frames }, (_, i) => (i % 30 < 20 ? -18 : -34) + Math.sin(i / 777));

function talk(parts: readonly { speechFrames: number; pauseFrames: number }[], noise = NOISE): Float32Array {
  return Float32Array.from(
    parts.flatMap(({ speechFrames, pauseFrames }) => [
      ...speech(speechFrames),
      ...Array<number>(pauseFrames).fill(noise),
    ]),
  );
}

function inputFor(levels: Float32Array, lengths: Partial<PlanInput> = {}): PlanInput {
  return {
    samples: levels.length * FRAME_SAMPLES,
    levels,
    speech: speechMap(levels),
    targetSeconds: 30,
    maxSeconds: 40,
    overlapSeconds: 2,
    ...lengths,
  };
}

const parts = fc.array(
  fc.record({ speechFrames: fc.integer({ min: 20, max: 2500 }), pauseFrames: fc.integer({ min: 1, max: 150 }) }),
  { minLength: 1, maxLength: 30 },
);

describe('planChunks', () => {
  test('makes every sample one chunk’s responsibility, within the maximum, in balanced lengths', () => {
    const missing = fc.integer({ min: 0, max: FRAME_SAMPLES - 1 });
    const target = fc.integer({ min: 10, max: 60 });
    fc.assert(
      fc.property(parts, missing, target, fc.integer({ min: 0, max: 20 }), (made, missing, targetSeconds, room) => {
        const levels = talk(made);
        const samples = levels.length * FRAME_SAMPLES - missing;
        const input = inputFor(levels, { samples, targetSeconds, maxSeconds: targetSeconds + room });
        const chunks = planChunks(input);
        const ends = [...chunks.slice(1).map((chunk) => chunk.cutSample), samples];
        expect(chunks.map((chunk) => chunk.index)).toEqual(chunks.map((_, i) => i));
        expect(chunks[0]).toMatchObject({ startSample: 0, cutSample: 0 });
        expect(chunks.map((chunk) => chunk.endSample)).toEqual(ends);
        for (const [i, { startSample, cutSample, endSample }] of chunks.entries()) {
          expect(endSample).toBeGreaterThan(cutSample);
          expect([0, 2 * RATE, cutSample - (chunks[i - 1]?.cutSample ?? 0)]).toContain(cutSample - startSample);
          expect(endSample - startSample).toBeLessThanOrEqual(input.maxSeconds * RATE);
        }
        const lengths = chunks.map((chunk) => chunk.endSample - chunk.cutSample);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(2 * Math.min(...lengths) + 6 * FRAME_SAMPLES);
      }),
    );
  });

  test('cuts in a pause wherever the window has one, and overlaps wherever the cut is in none', () => {
    fc.assert(
      fc.property(parts, (made) => {
        const input = inputFor(talk(made));
        const chunks = planChunks(input);
        for (const [i, chunk] of chunks.entries()) {
          if (i === 0) continue;
          const frame = chunk.cutSample / FRAME_SAMPLES;
          const inPause = input.levels.subarray(frame - 1, frame + 1).every((level) => level === NOISE);
          const ideal = (i * input.levels.length) / chunks.length;
          // What is within 2 s of the ideal position is inside every window.
          const near = input.levels.subarray(Math.ceil(ideal) - 200, Math.floor(ideal) + 200);
          if (longestRun(near, NOISE) >= 31) expect(inPause).toBe(true);
          if (!inPause) expect(chunk.cutSample - chunk.startSample).toBe(2 * RATE);
        }
      }),
    );
  });

  test('cuts in the middle of the longest pause in reach', () => {
    // Two chunks of about 30 s; pauses of 0.4 s at 29 s and of 1 s at 31 s.
    const levels = talk([
      { speechFrames: 2900, pauseFrames: 40 },
      { speechFrames: 160, pauseFrames: 100 },
      { speechFrames: 2800, pauseFrames: 30 },
    ]);
    const [, second] = planChunks(inputFor(levels, { targetSeconds: 35 }));
    expect((second?.cutSample ?? 0) / RATE).toBeCloseTo(31.5, 1);
    expect(second?.startSample).toBe(second?.cutSample);
  });

  test('cuts music where it is quietest and lets the next chunk start 2 s earlier', () => {
    const levels = Float32Array.from({ length: 6000 }, (_, frame) => -12 - (Math.abs(frame - 2900) < 20 ? 5 : 0));
    const [first, second] = planChunks(inputFor(levels));
    expect(first).toMatchObject({ startSample: 0, silent: false });
    expect((second?.cutSample ?? 0) / RATE).toBeCloseTo(29, 0);
    expect((second?.cutSample ?? 0) - (second?.startSample ?? 0)).toBe(2 * RATE);
    expect(first?.endSample).toBe(second?.cutSample);
  });

  test('finds a pause in a noisy part that the whole recording’s threshold calls sound', () => {
    const studio = talk(Array.from({ length: 40 }, () => ({ speechFrames: 260, pauseFrames: 40 })));
    const street = talk(
      Array.from({ length: 40 }, () => ({ speechFrames: 260, pauseFrames: 40 })),
      -40,
    );
    const input = inputFor(Float32Array.of(...studio, ...street), { targetSeconds: 60, maxSeconds: 80 });
    const inStreet = planChunks(input).filter((chunk) => chunk.cutSample > 125 * RATE);
    expect(speechMap(input.levels).spans.at(-1)?.[0]).toBeLessThan(121);
    expect(inStreet.length).toBeGreaterThan(0);
    for (const chunk of inStreet) expect(chunk.startSample).toBe(chunk.cutSample);
  });

  test('plans chunks without sound, and marks them', () => {
    const levels = Float32Array.of(...speech(3000), ...Array<number>(6000).fill(-120));
    expect(planChunks(inputFor(levels)).map((chunk) => chunk.silent)).toEqual([false, true, true]);
    expect(planChunks(inputFor(new Float32Array(9000).fill(-120))).every((chunk) => chunk.silent)).toBe(true);
  });

  test('makes one chunk of what is no longer than the target', () => {
    expect(planChunks(inputFor(talk([{ speechFrames: 3000, pauseFrames: 0 }])))).toEqual([
      { index: 0, startSample: 0, endSample: 480_000, cutSample: 0, silent: false },
    ]);
  });

  test('makes as many chunks as the target asks for, more under a tight maximum, fewer for a minimum', () => {
    const levels = talk(Array.from({ length: 30 }, () => ({ speechFrames: 260, pauseFrames: 40 })));
    const count = (lengths: Partial<PlanInput>): number => planChunks(inputFor(levels, lengths)).length;
    expect(count({})).toBe(3);
    expect(count({ targetSeconds: 29 })).toBe(4);
    expect(count({ targetSeconds: 30, maxSeconds: 30 })).toBe(4);
    expect(count({ targetSeconds: 29, minSeconds: 25 })).toBe(3);
  });

  test('gives the same plan every time', () => {
    const input = inputFor(
      talk(Array.from({ length: 30 }, (_, i) => ({ speechFrames: 200 + 17 * i, pauseFrames: 10 + 3 * i }))),
    );
    expect(planChunks(input)).toEqual(planChunks(input));
  });

  test.each([
    [{ samples: 0 }, 'Expected at least one sample'],
    [{ samples: 16_000 }, 'Expected 100 levels'],
    [{ targetSeconds: 50 }, 'at most the maximum of 40 s'],
    [{ overlapSeconds: 11 }, 'a quarter of the maximum'],
  ])('refuses lengths that contradict each other: %j', (lengths, message) => {
    const input = inputFor(talk([{ speechFrames: 3000, pauseFrames: 0 }]));
    expect(() => planChunks({ ...input, ...lengths })).toThrow(message);
  });
});

function longestRun(levels: Float32Array, of: number): number {
  let run = 0;
  let longest = 0;
  for (const level of levels) {
    run = level === of ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
