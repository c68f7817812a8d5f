import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { textWithoutCredentials, withoutCredentials } from './without-credentials.ts';

describe('withoutCredentials', () => {
  test.each([
    ['https://user:pass@example.com/a.mp3', 'https://example.com/a.mp3'],
    ['https://user:p@ss@example.com/a.mp3', 'https://example.com/a.mp3'],
    ['https://token@example.com/a.mp3?b=c@d', 'https://example.com/a.mp3?b=c@d'],
    ['https://example.com/@show/a.mp3', 'https://example.com/@show/a.mp3'],
    ['nats://user:pass@nats:4222', 'nats://nats:4222'],
    ['https:///user:pass@example.com/a.mp3', 'https:///example.com/a.mp3'],
    ['https:/\\user:pass@example.com/a.mp3', 'https:/\\example.com/a.mp3'],
    ['upload:abc', 'upload:abc'],
  ])('turns %s into %s', (url, expected) => {
    expect(withoutCredentials(url)).toBe(expected);
  });

  test('leaves no user and no password to anybody who reads URLs as browsers do', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), fc.string(), (url, secret) => {
        const withSecret = url.replace('://', `://u:${secret.replaceAll(/[/?#\\\s]/g, '')}@`);
        const parsed = URL.parse(withoutCredentials(withSecret));
        return parsed === null || (parsed.username === '' && parsed.password === '');
      }),
    );
  });
});

describe('textWithoutCredentials', () => {
  test.each([
    ['ftp://user:pass@host/x', 'ftp://host/x'],
    ['{"url": "http://user:pass@host/a.mp3"', '{"url": "http://host/a.mp3"'],
    ['http://user:pa/ss@host/a.mp3', 'http://host/a.mp3'],
    ['http:\\\\user:pass@host/a.mp3', 'http:\\\\host/a.mp3'],
    ['http:user:pass@host/a.mp3', 'http:host/a.mp3'],
    ['https://example.com/@show/a.mp3', 'https://example.com/@show/a.mp3'],
    ['https://example.com:8080/@show/a.mp3', 'https://example.com:8080/@show/a.mp3'],
    ['no URL, only a@b', 'no URL, only a@b'],
  ])('turns %s into %s', (text, expected) => {
    expect(textWithoutCredentials(text)).toBe(expected);
  });

  test('is done soon with a text made to keep it busy', () => {
    expect(textWithoutCredentials('http://a:b'.repeat(100_000)).length).toBeLessThan(5000);
  });
});
