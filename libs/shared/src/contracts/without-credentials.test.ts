import { describe, expect, test } from '@jest/globals';
import { withoutCredentials } from './without-credentials.ts';

describe('withoutCredentials', () => {
  test.each([
    ['https://user:pass@example.com/a.mp3', 'https://example.com/a.mp3'],
    ['https://token@example.com/a.mp3?b=c@d', 'https://example.com/a.mp3?b=c@d'],
    ['https://example.com/@show/a.mp3', 'https://example.com/@show/a.mp3'],
    ['nats://user:pass@nats:4222', 'nats://nats:4222'],
    ['upload:abc', 'upload:abc'],
  ])('turns %s into %s', (url, expected) => {
    expect(withoutCredentials(url)).toBe(expected);
  });
});
