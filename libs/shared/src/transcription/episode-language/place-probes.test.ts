import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Manifest, SAMPLE_RATE } from '#shared/contracts/manifest';
import { placeProbes } from './place-probes.ts';

type Plan = Pick<Manifest, 'samples' | 'speech' | 'chunks'>;

/** An episode cut in chunks of so many seconds. */
function plan(seconds: number, speech: Plan['speech'], chunkSeconds = 300, silent: readonly number[] = []): Plan {
  const chunks = Array.from({ length: Math.ceil(seconds / chunkSeconds) }, (_, index) => ({
    index,
    startSample: index * chunkSeconds * SAMPLE_RATE,
    endSample: Math.min(seconds, (index + 1) * chunkSeconds) * SAMPLE_RATE,
    cutSample: index * chunkSeconds * SAMPLE_RATE,
    silent: silent.includes(index),
  }));
  return { samples: seconds * SAMPLE_RATE, speech, chunks };
}

/** Talk: 4 s of sound, 1 s of pause. */
const talk = (from: number, to: number): Plan['speech'] =>
  Array.from({ length: Math.floor((to - from) / 5) }, (_, at) => [from + 5 * at, from + 5 * at + 4]);

const episode: fc.Arbitrary<Plan> = fc
  .record({
    parts: fc.array(fc.record({ sound: fc.integer({ min: 1, max: 90 }), pause: fc.integer({ min: 1, max: 40 }) }), {
      minLength: 1,
      maxLength: 60,
    }),
    chunkSeconds: fc.integer({ min: 30, max: 400 }),
  })
  .map(({ parts, chunkSeconds }) => {
    let at = 0;
    const speech = parts.map(({ sound, pause }): [number, number] => {
      const start = at;
      at += sound + pause;
      return [start, start + sound];
    });
    return plan(at, speech, chunkSeconds);
  });

describe('places to listen for the language', () => {
  test('are spread over the episode, the middle first, none in its opening', () => {
    const places = placeProbes(plan(3600, talk(0, 3600)), 5);
    expect(places.map(({ start }) => start)).toEqual([1515, 120, 2905, 820, 2210]);
    expect(places.map(({ chunk }) => chunk)).toEqual([5, 0, 9, 2, 7]);
  });

  test('leave music out where somebody talks', () => {
    const music: Plan['speech'] = [
      [0, 90],
      [130, 200],
    ];
    const places = placeProbes(plan(240, [...music, ...talk(90.5, 130), ...talk(200.5, 240)], 300), 2);
    for (const { start, end } of places) {
      expect(music.every(([from, to]) => Math.min(end, to) - Math.max(start, from) < 5)).toBe(true);
    }
    expect(places).toHaveLength(2);
  });

  test('are one in a short episode, behind a jingle as long as half of it', () => {
    expect(placeProbes(plan(34, [[0, 19], ...talk(19.5, 34)]), 5)).toEqual([{ chunk: 0, start: 19.5, end: 34 }]);
  });

  test('are in the opening where nothing else sounds', () => {
    expect(placeProbes(plan(600, [[0, 20]]), 5)).toEqual([{ chunk: 0, start: 0, end: 30 }]);
  });

  test('are inside one chunk with sound, few, and apart', () => {
    fc.assert(
      fc.property(episode, fc.integer({ min: 1, max: 20 }), (given, count) => {
        const places = placeProbes(given, count);
        expect(places.length).toBeGreaterThan(0);
        expect(places.length).toBeLessThanOrEqual(count);
        expect(new Set(places.map(({ start }) => start)).size).toBe(places.length);
        for (const { chunk, start, end } of places) {
          const { startSample = 0, endSample = 0 } = given.chunks[chunk] ?? {};
          expect(start).toBeGreaterThanOrEqual(startSample / SAMPLE_RATE);
          expect(end).toBeLessThanOrEqual(endSample / SAMPLE_RATE);
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(30);
          expect(given.speech.some(([from, to]) => start >= from && start < to)).toBe(true);
        }
      }),
    );
  });

  test('are not in chunks without speech', () => {
    expect(placeProbes(plan(600, talk(0, 600), 300, [1]), 5).every(({ chunk }) => chunk === 0)).toBe(true);
  });
});
