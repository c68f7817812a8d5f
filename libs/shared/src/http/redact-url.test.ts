import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { redactUrl } from './redact-url.ts';

describe('redactUrl', () => {
  test.each([
    ['https://example.com/a.mp3', 'https://example.com/a.mp3'],
    ['https://anna:secret@example.com:8443/a.mp3', 'https://***@example.com:8443/a.mp3'],
    ['https://anna@example.com/a.mp3', 'https://***@example.com/a.mp3'],
    ['https://example.com/a.mp3?token=secret&id=7#secret', 'https://example.com/a.mp3?token=***&id=***'],
    ['data:audio/mpeg;base64,secret', 'data:***'],
    ['no url', '(not a URL)'],
  ])('shows %s as %s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  test('stays short and printable', () => {
    expect(redactUrl(`https://example.com/${'a'.repeat(5000)}`)).toHaveLength(300);
    expect(redactUrl('https://example.com/\u001b[31m\u202e?\u001b=1')).toMatch(/^[\x20-\x7e]+$/);
  });

  test('shows no secret, wherever in a URL secrets are', () => {
    const secret = fc.stringMatching(/^[a-z0-9]{8,20}$/).map((text) => `s3cr3t${text}`);
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), secret, (base, secret) => {
        const url = new URL(base);
        url.username = secret;
        url.password = secret;
        url.searchParams.append('key', secret);
        url.hash = secret;
        expect(redactUrl(url)).not.toContain(secret);
      }),
    );
  });
});
