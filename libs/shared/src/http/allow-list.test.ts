import { describe, expect, test } from '@jest/globals';
import { allowList } from './allow-list.ts';

describe('allowList', () => {
  test('allows exactly the host and port it names', () => {
    const allow = allowList(['127.0.0.1:8080', 'Feeds.Internal:443', '[::1]:80'], 'ALLOW_HOSTS');
    const allowed = (url: string): boolean => allow.hasOrigin(new URL(url));
    expect(allowed('http://127.0.0.1:8080/a')).toBe(true);
    expect(allowed('http://0x7f.1:8080/a')).toBe(true);
    expect(allowed('https://feeds.internal/a')).toBe(true);
    expect(allowed('http://[::1]/a')).toBe(true);
    expect(allowed('http://127.0.0.1:8081/a')).toBe(false);
    expect(allowed('http://feeds.internal/a')).toBe(false);
    expect(allowed('https://feeds.internal.example.com/a')).toBe(false);
    expect(allowed('http://example.com:8080/?127.0.0.1:8080')).toBe(false);
  });

  test('allows the addresses of a network, of its own family only', () => {
    const allow = allowList(['10.1.0.0/16', 'fd00::/8'], 'ALLOW_HOSTS');
    expect(['10.1.2.3', 'fd00::7'].map((address) => allow.hasAddress(address))).toEqual([true, true]);
    expect(['10.2.0.1', '::ffff:10.1.2.3', 'fe80::1', 'nonsense'].some((address) => allow.hasAddress(address))).toBe(
      false,
    );
    expect(allow.hasOrigin(new URL('http://10.1.2.3/'))).toBe(false);
  });

  test.each(['localhost', '10.0.0.1', '*', 'http://a:80', 'user@a:80', 'a:99999', '10.0.0.0/99', ''])(
    'refuses %j',
    (entry) => {
      expect(() => allowList([entry], 'ALLOW_HOSTS')).toThrow(`"${entry}" is no entry`);
    },
  );
});
