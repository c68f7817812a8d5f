import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BlobStore } from '#shared/storage/blob-store';
import { body, type MediaServer, startMediaServer } from '../../../../test/support/media-server.ts';
import { resolveSource } from './resolve-source.ts';
import { UsageError } from '../usage-error.ts';

const rss = (items: string): string => `<rss version="2.0"><channel><title>Show</title>${items}</channel></rss>`;
const item = (title: string, url: string, more = ''): string =>
  `<item><title>${title}</title><guid>${title}</guid>${more}<enclosure url="${url}"/></item>`;

let media: MediaServer;
let asked: string | undefined;

beforeAll(async () => {
  media = await startMediaServer({
    '/feed': body(
      rss(
        item('Old', '/old.mp3', '<pubDate>Mon, 05 Jan 2026 06:00:00 GMT</pubDate>') +
          item('New', 'https://cdn.example/new.mp3', '<pubDate>Tue, 06 Jan 2026 06:00:00 GMT</pubDate>') +
          item('Broken', 'http://[') +
          item('Local', 'file:///etc/passwd') +
          '<item><title>Text</title><enclosure type="audio/mpeg"/></item>',
      ),
      'application/rss+xml',
    ),
    '/private': (request, response) => {
      asked = request.headers.authorization;
      response.writeHead(200, { 'content-type': 'text/xml' }).end(rss(item('One', '/1.mp3')));
    },
    '/none': body(rss('<item><title>Text only</title></item>'), 'application/rss+xml'),
    '/not-gzip': (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/xml', 'content-encoding': 'gzip' }).end(rss('')),
    '/audio': body('ID3', 'audio/mpeg'),
  });
});

afterAll(() => media.close());

/** None of these sources is a file, so nothing is stored. */
const resolve = (source: string, latest = 10) => resolveSource(source, latest, {} as BlobStore);

describe('resolveSource', () => {
  test('takes a URL that is no feed as the audio’s', async () => {
    expect(await resolve(media.url('/audio'))).toEqual([{ url: media.url('/audio') }]);
  });

  test('takes a feed’s newest episodes, and leaves out those nobody can fetch', async () => {
    const episodes = await resolve(media.url('/feed'));
    expect(episodes.map(({ url }) => url)).toEqual(['https://cdn.example/new.mp3', media.url('/old.mp3')]);
    expect(await resolve(media.url('/feed'), 1)).toMatchObject([
      { title: 'New', guid: 'New', feed: media.url('/feed') },
    ]);
  });

  test('reads a private feed, and names it without its credentials', async () => {
    const episodes = await resolve(media.url('/private').replace('://', '://user:secretpass@'));
    expect(asked).toBe(`Basic ${Buffer.from('user:secretpass').toString('base64')}`);
    // The audio lies behind the same door: its URL is for the downloader, which needs the key, and keeps it nowhere.
    const url = media.url('/1.mp3').replace('://', '://user:secretpass@');
    expect(episodes).toMatchObject([{ url, feed: media.url('/private') }]);
  });

  test.each([
    ['without audio', '/none', 'has no episode with audio'],
    ['that is not compressed as it says', '/not-gzip', 'incorrect header check'],
  ])('says what is wrong with a feed %s, without its credentials', async (_name, path, words) => {
    const failure = resolve(media.url(path).replace('://', '://user:secretpass@'));
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.not.toThrow('secretpass');
  });
});
