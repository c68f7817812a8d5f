import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stableJson } from './stable-json.ts';

describe('stableJson', () => {
  test('orders keys at every depth, and leaves arrays as they are', () => {
    expect(stableJson({ b: [{ z: 1, a: 2 }, 3, 1], a: { y: null, x: 'ü' } })).toBe(
      '{"a":{"x":"ü","y":null},"b":[{"a":2,"z":1},3,1]}',
    );
  });

  test('leaves out what is undefined', () => {
    expect(stableJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  test('gives the same bytes whatever order the keys were set in, and the same value back', () => {
    const property = fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(stableJson(reversed)).toBe(stableJson(value));
      expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    });
    fc.assert(property);
  });

  test.each([
    ['NaN', { score: Number.NaN }, '"score"'],
    ['Infinity', [Number.POSITIVE_INFINITY], '"0"'],
    ['nothing', undefined, 'undefined'],
    ['a function', () => 1, 'function'],
  ])('refuses %s, and says where it is', (_name, value, where) => {
    expect(() => stableJson(value)).toThrow(
      expect.objectContaining({ reason: 'invalid-json', retryable: false, message: expect.stringContaining(where) }),
    );
  });
});
