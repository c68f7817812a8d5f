import { describe, expect, test } from '@jest/globals';
import { parseBuildProgress } from './build-progress.mjs';

describe('parseBuildProgress', () => {
  test.each([
    ['[  2%] Building C object ggml.c.o', 0.02],
    ['[100%] Built target whisper-server', 1],
    ['[12/38] Building CXX object server.cpp.o', 12 / 38],
  ])('reads %j', (line, fraction) => {
    expect(parseBuildProgress(line)).toBeCloseTo(fraction);
  });

  test.each(['-- Configuring done', 'remark: [50%] of the cache', '', '[0/0] Re-checking'])('ignores %j', (line) => {
    expect(parseBuildProgress(line)).toBeUndefined();
  });
});
