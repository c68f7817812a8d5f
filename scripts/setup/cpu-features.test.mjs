import { describe, expect, test } from '@jest/globals';
import { describeCpu } from './cpu-features.mjs';

describe('describeCpu', () => {
  test('takes the flags of an x86 in a fixed order', () => {
    expect(describeCpu('processor\t: 0\nflags\t\t: sse avx2 fma\nbugs\t\t: none\n', 'Xeon')).toBe('avx2 fma sse');
  });

  test('takes the features of an ARM', () => {
    expect(describeCpu('processor : 0\nFeatures\t: asimd fp\n', 'Neoverse')).toBe('asimd fp');
  });

  test('falls back on the model where the system lists none', () => {
    expect(describeCpu(undefined, 'Apple M3')).toBe('Apple M3');
  });
});
