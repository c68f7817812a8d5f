import { describe, expect, test } from '@jest/globals';
import { speechMap } from './speech-map.ts';

/** Levels of a recording made of parts: seconds, level, and by how much the level moves, as syllables do. */
function recording(...parts: [seconds: number, level: number, swing?: number][]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([seconds, level, swing = 1]) =>
      Array.from({ length: Math.round(seconds * 100) }, (_, frame) => level + swing * Math.sin(frame / 2.3)),
    ),
  );
}

const SPEECH = 12;

describe('speechMap', () => {
  test('finds the pauses between sentences over a room’s noise', () => {
    const { spans, silentShare } = speechMap(
      recording([1, -55], [4, -20, SPEECH], [0.6, -55], [3, -20, SPEECH], [1.4, -55]),
    );
    expect(spans).toHaveLength(2);
    expect(spans.map((span) => span.map((seconds) => Math.round(seconds * 10) / 10))).toEqual([
      [1, 5],
      [5.6, 8.6],
    ]);
    expect(silentShare).toBeCloseTo(0.3, 1);
  });

  test('sets its threshold above the noise, whether a studio’s or a street’s', () => {
    const studio = speechMap(recording([5, -60], [5, -20, SPEECH]));
    const street = speechMap(recording([5, -38], [5, -12, SPEECH]));
    expect(studio.thresholdDb).toBeGreaterThan(-59);
    expect(studio.thresholdDb).toBeLessThan(-45);
    expect(street.thresholdDb).toBeGreaterThan(-37);
    expect(street.thresholdDb).toBeLessThan(-25);
    expect([studio.spans.length, street.spans.length]).toEqual([1, 1]);
  });

  test('takes digital silence for the floor, not the steady vowels of a quiet voice', () => {
    const sentence: [number, number, number?][] = [
      [2, -15, SPEECH],
      [0.5, -33, 1],
      [0.5, -95, 20],
    ];
    expect(speechMap(recording(...sentence, ...sentence, ...sentence)).thresholdDb).toBe(-55);
  });

  test('calls digital silence silent', () => {
    expect(speechMap(recording([10, -120, 0]))).toMatchObject({ spans: [], silentShare: 1 });
  });

  test('calls nothing sound in audio without length', () => {
    expect(speechMap(new Float32Array())).toMatchObject({ spans: [], silentShare: 1 });
  });

  test('calls the noise of the converter silent, and steady noise that could hide a voice sound', () => {
    expect(speechMap(recording([10, -85])).spans).toEqual([]);
    expect(speechMap(recording([10, -50])).spans).toEqual([[0, 10]]);
  });

  test('calls loud music without pauses one span', () => {
    expect(speechMap(recording([10, -10, 4], [10, -14, 4])).spans).toEqual([[0, 20]]);
  });

  test('keeps a guest who is 25 dB quieter than the host, with and without a noise floor', () => {
    const withNoise = speechMap(recording([20, -15, SPEECH], [2, -65], [20, -40, SPEECH], [2, -65]));
    const withoutPauses = speechMap(recording([20, -15, SPEECH], [3, -40, SPEECH]));
    expect(withNoise.spans).toHaveLength(2);
    expect(withoutPauses.spans).toHaveLength(1);
    expect(withoutPauses.silentShare).toBeLessThan(0.01);
  });

  test('keeps a guest who is hardly above the noise of the street', () => {
    const { spans } = speechMap(recording([20, -12, SPEECH], [2, -30], [5, -29, 6], [2, -30]));
    expect(spans).toHaveLength(2);
  });

  test('keeps a few quiet words between digital silences', () => {
    expect(speechMap(recording([10, -120, 0], [1, -50, SPEECH], [10, -120, 0])).spans).toHaveLength(1);
  });

  test('bridges the gaps inside a sentence and drops a lone click', () => {
    const { spans } = speechMap(
      recording([2, -60], [1, -20, SPEECH], [0.25, -60], [1, -20, SPEECH], [1, -60], [0.05, -20], [1, -60]),
    );
    expect(spans).toHaveLength(1);
    const [start, end] = spans[0] ?? [0, 0];
    expect(end - start).toBeCloseTo(2.25, 1);
  });
});
