import { describe, expect, test } from '@jest/globals';
import { isSettled, weighProbes } from './weigh-probes.ts';

const probe = (language: string, probability: number) => ({ start: 0, end: 30, language, probability });

describe('the language of an episode', () => {
  test('is the one the probes are surest of, not the one most of them name', () => {
    const heard = [probe('en', 0.3), probe('nn', 0.2), probe('en', 0.3), probe('de', 0.98)];
    expect(weighProbes(heard)).toEqual({ language: 'de', share: 0.551 });
  });

  test('is the same whatever the order, also where two are equal', () => {
    expect(weighProbes([probe('fr', 0.9), probe('es', 0.9)])).toEqual(
      weighProbes([probe('es', 0.9), probe('fr', 0.9)]),
    );
  });

  test.each([[[]], [[probe('und', 0.9)]], [[probe('en', 0)]]])('is each chunk’s own affair after %j', (heard) => {
    expect(weighProbes(heard)).toEqual({ language: 'auto', share: 0 });
  });

  test('is settled by three that agree and are sure', () => {
    const sure = probe('de', 0.9);
    expect(isSettled([sure, sure])).toBe(false);
    expect(isSettled([sure, sure, sure])).toBe(true);
    expect(isSettled([sure, sure, probe('nl', 0.9)])).toBe(false);
    expect(isSettled([probe('de', 0.4), sure, probe('de', 0.4)])).toBe(false);
  });
});
