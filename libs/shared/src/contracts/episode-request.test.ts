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
      'metadata without end',
      { url: 'https://a.example/', metadata: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`k${n}`, ''])) },
      'expected at most 32 entries',
    ],
  ])('refuses %s and names the value', (_name, body, message) => {
    expect(() => parse(body)).toThrow(message);
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
