import { describe, expect, test } from '@jest/globals';
import { episodeRequestSchema } from './episode-request.ts';
import { parseMessage } from './parse-message.ts';

const parse = (body: unknown): unknown =>
  parseMessage(episodeRequestSchema, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

describe('the message that publishes an episode', () => {
  test('needs only a URL', () => {
    expect(parse({ url: 'https://example.com/a.mp3' })).toEqual({
      v: 1,
      url: 'https://example.com/a.mp3',
      options: {},
    });
  });

  test('may be an upload', () => {
    expect(parse({ url: `upload:${'a'.repeat(64)}` })).toMatchObject({ url: `upload:${'a'.repeat(64)}` });
  });

  test.each<[string, unknown, string]>([
    ['text that is not JSON', '<rss>', 'The message is not JSON: got "<rss>"'],
    ['a message without a URL', {}, 'url:'],
    ['a URL of another scheme', { url: 'file:///etc/passwd' }, '(got "file:///etc/passwd")'],
    ['a misspelt field', { url: 'https://a.example/', langauge: 'en' }, 'langauge'],
    ['another version', { url: 'https://a.example/', v: 2 }, 'v: expected 1, the only version of this message (got 2)'],
    ['an unknown provider', { url: 'https://a.example/', options: { provider: 'siri' } }, 'options.provider'],
    ['an id that could be a path', { url: 'https://a.example/', id: '../etc' }, 'id: expected 1 to 64 letters'],
    ['a beam that is too wide', { url: 'https://a.example/', options: { decoding: { beamSize: 99 } } }, '(got 99)'],
    [
      'a webhook with a password',
      { url: 'https://a.example/', webhook: 'https:///u:p@b.example/' },
      'webhook: expected a URL without user name and password',
    ],
    [
      'metadata without end',
      { url: 'https://a.example/', metadata: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`k${n}`, ''])) },
      'expected at most 32 entries',
    ],
  ])('refuses %s and names the value', (_name, body, message) => {
    expect(() => parse(body)).toThrow(message);
  });

  test.each<[string, unknown]>([
    ['a URL of another scheme', { url: 'ftp://user:secretpass@example.com/a.mp3' }],
    ['a password that breaks its URL', { url: 'http://user:secret/secretpass@example.com/a.mp3' }],
    ['an unknown field beside a good URL', { url: 'https://user:secretpass@example.com/a.mp3', speed: 2 }],
    ['text that is not JSON', '{"url": "https://user:secretpass@example.com/a.mp3"'],
  ])('refuses %s without telling its credentials', (_name, body) => {
    expect(() => parse(body)).toThrow(/got .*example\.com/);
    expect(() => parse(body)).not.toThrow('secret');
  });

  test('refuses what is nested deeper than any recursion goes', () => {
    expect(() => parse(`{"url":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).toThrow('nested too deep');
  });

  test('cuts a name nobody knows, however long it is', () => {
    expect(() => parse({ url: 'https://a.example/', ['n'.repeat(100_000)]: 1 })).toThrow(/^.{100,700}$/s);
  });

  test('never repeats a long value in full', () => {
    const error = (() => {
      try {
        return parse('x'.repeat(100_000));
      } catch (thrown) {
        return thrown as Error;
      }
    })() as Error;
    expect(error.message.length).toBeLessThan(300);
  });
});
