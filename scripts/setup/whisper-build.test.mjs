import { describe, expect, test } from '@jest/globals';
import { buildJobs } from './whisper-build.mjs';

describe('buildJobs', () => {
  test.each([
    [2, 20e9, 2],
    [16, 4.5e9, 4],
    [8, 0.3e9, 1],
  ])('%i cores with %d bytes free: %i compilers', (cores, bytes, jobs) => {
    expect(buildJobs(cores, bytes)).toBe(jobs);
  });
});
