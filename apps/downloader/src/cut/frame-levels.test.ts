import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { DIGITAL_SILENCE_DBFS, FRAME_SAMPLES, LevelMeter } from './frame-levels.ts';

const sine = (samples: number, amplitude: number, offset = 0): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => offset + Math.round(amplitude * Math.sin((2 * Math.PI * i) / 16)));

const bytesOf = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer);

function levelsOf(samples: Int16Array) {
  const meter = new LevelMeter();
  meter.push(bytesOf(samples));
  return meter.finish();
}

describe('LevelMeter', () => {
  test('gives the RMS of each 10 ms in dBFS', () => {
    const { levels, samples } = levelsOf(sine(2 * FRAME_SAMPLES, 32_767));
    expect(samples).toBe(2 * FRAME_SAMPLES);
    expect([...levels].map((level) => Math.round(level * 100) / 100)).toEqual([-3.01, -3.01]);
  });

  test('does not take a constant offset for sound', () => {
    const [silent, sounding] = [sine(FRAME_SAMPLES, 0, 4000), sine(FRAME_SAMPLES, 328, 4000)].map(
      (samples) => levelsOf(samples).levels[0],
    );
    expect(silent).toBe(DIGITAL_SILENCE_DBFS);
    expect(sounding).toBeCloseTo(-43, 0);
  });

  test('measures a shorter last frame, and leaves half a sample out', () => {
    const meter = new LevelMeter();
    meter.push(bytesOf(sine(FRAME_SAMPLES + 16, 32_767)));
    meter.push(Uint8Array.of(7));
    const { levels, samples } = meter.finish();
    expect(samples).toBe(FRAME_SAMPLES + 16);
    expect(levels).toHaveLength(2);
    expect(levels[1]).toBeCloseTo(-3.01, 2);
  });

  test('gives no levels for no audio', () => {
    expect(new LevelMeter().finish()).toEqual({ levels: new Float32Array(), samples: 0 });
  });

  test('grows with the recording', () => {
    const meter = new LevelMeter();
    const second = bytesOf(sine(100 * FRAME_SAMPLES, 1000));
    for (let i = 0; i < 130; i++) meter.push(second);
    const { levels } = meter.finish();
    expect(levels).toHaveLength(13_000);
    expect(new Set(levels).size).toBe(1);
  });

  test('gives the same levels however the bytes are split', () => {
    const splits = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 20 });
    const audio = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 1000 });
    fc.assert(
      fc.property(audio, splits, fc.integer({ min: 0, max: 1 }), (values, sizes, shift) => {
        const samples = Int16Array.from(values);
        // Buffers of a pipe may begin at an odd address.
        const bytes = new Uint8Array(samples.byteLength + shift).subarray(shift);
        bytes.set(bytesOf(samples));
        const meter = new LevelMeter();
        let at = 0;
        for (const size of sizes) meter.push(bytes.subarray(at, (at = Math.min(bytes.length, at + size))));
        meter.push(bytes.subarray(at));
        expect(meter.finish()).toEqual(levelsOf(samples));
      }),
    );
  });
});
