import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FetchLimits } from './fetch-limits.ts';
import { fetchToFile } from './fetch-to-file.ts';
import { fakeAudio, type LocalServer, sendFile, serve } from '../../../../test/support/local-server.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-fetch-'));
  path = join(folder, 'source');
});
afterAll(() => rm(folder, { recursive: true }));

const limitsFor = (...servers: LocalServer[]): FetchLimits => ({
  maxBytes: 10_000_000,
  allowHosts: servers.map((server) => server.host),
  retries: { attempts: 1 },
});

const AUDIO = fakeAudio(1_000_000);

describe('fetchToFile', () => {
  test('stores the file and says what it is', async () => {
    await using server = await serve((request, response) => sendFile(request, response, AUDIO));
    const file = await fetchToFile(`${server.origin}/a.mp3`, path, {
      ...limitsFor(server),
      userAgent: 'podline-test/1',
    });
    expect(file).toEqual({
      bytes: AUDIO.length,
      sha256: createHash('sha256').update(AUDIO).digest('hex'),
      contentType: 'audio/mpeg',
      finalUrl: `${server.origin}/a.mp3`,
      redirects: 0,
      resumed: 0,
    });
    expect(AUDIO.equals(await readFile(path))).toBe(true);
    expect(server.requests[0]?.headers).toMatchObject({
      'user-agent': 'podline-test/1',
      'accept-encoding': 'identity',
    });
  });

  test('replaces a longer file that was there', async () => {
    await using server = await serve((request, response) =>
      sendFile(request, response, request.url === '/long' ? AUDIO : AUDIO.subarray(0, 1000)),
    );
    await fetchToFile(`${server.origin}/long`, path, limitsFor(server));
    await fetchToFile(`${server.origin}/short`, path, limitsFor(server));
    expect(await readFile(path)).toHaveLength(1000);
  });

  test('reports progress sparingly, and the end', async () => {
    await using server = await serve((request, response) => sendFile(request, response, AUDIO));
    const reports: unknown[] = [];
    await fetchToFile(server.origin, path, limitsFor(server), { onProgress: (progress) => reports.push(progress) });
    expect(reports.length).toBeLessThan(10);
    expect(reports[0]).toMatchObject({ total: AUDIO.length });
    expect(reports.at(-1)).toEqual({ bytes: AUDIO.length, total: AUDIO.length });
  });

  test('follows absolute and relative redirects, and redirects with characters that are not ASCII', async () => {
    await using server = await serve((request, response) => {
      const locations: Record<string, string> = {
        '/1': `${server.origin}/2`,
        '/2': 'sub/../3?x=1',
        '/3?x=1': Buffer.from('/müsli.mp3#part').toString('latin1'),
      };
      const location = locations[request.url ?? ''];
      if (location === undefined) sendFile(request, response, AUDIO);
      else response.writeHead(302, { location }).end();
    });
    const file = await fetchToFile(`${server.origin}/1`, path, limitsFor(server));
    expect(file).toMatchObject({ redirects: 3, finalUrl: `${server.origin}/m%C3%BCsli.mp3`, bytes: AUDIO.length });
  });

  test.each([
    ['a circle', (): string => '/', 'is redirected in a circle'],
    ['a chain without end', (url: string): string => `${url}x`, 'more than 10 redirects'],
    ['no URL', (): string => 'http://[', 'its Location is not a URL'],
  ])('refuses redirects to %s', async (_name, next, message) => {
    await using server = await serve((request, response) => {
      response.writeHead(301, { location: next(request.url ?? '') }).end();
    });
    await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({
      reason: 'bad-redirect',
      message: expect.stringContaining(message),
    });
    expect(server.requests.length).toBeLessThanOrEqual(11);
  });

  test.each([
    [404, 'not-found'],
    [410, 'not-found'],
    [401, 'access-denied'],
    [403, 'access-denied'],
    [400, 'http-error'],
    [302, 'bad-redirect'],
    [204, 'http-error'],
  ])('takes %i for final, and names URL and status', async (status, reason) => {
    await using server = await serve((_request, response) => void response.writeHead(status).end());
    await expect(
      fetchToFile(`${server.origin}/a.mp3`, path, { ...limitsFor(server), retries: { attempts: 3 } }),
    ).rejects.toMatchObject({
      retryable: false,
      reason,
      message: expect.stringMatching(new RegExp(`^${server.origin}/a.mp3 .*${status}`)),
    });
    expect(server.requests).toHaveLength(1);
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['an HTML page called audio', 'audio/mpeg', '<!doctype html><p>Sorry', 'gave an HTML page'],
    ['a JSON answer', 'application/json', '{"error":7}', 'gave JSON'],
    ['a feed', 'application/rss+xml', '<?xml version="1.0"?><rss></rss>', 'gave a feed'],
  ])('refuses %s', async (_name, type, body, message) => {
    await using server = await serve(
      (_request, response) => void response.writeHead(200, { 'content-type': type }).end(body),
    );
    await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({
      retryable: false,
      reason: 'not-audio',
      message: expect.stringContaining(message),
    });
  });

  test('refuses a long page that comes in small pieces before it is whole', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      for (let i = 0; i < 100; i++) response.write('<html>     ');
    });
    await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({ reason: 'not-audio' });
  });

  test('refuses an empty file', async () => {
    await using server = await serve(
      (_request, response) => void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(),
    );
    await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({
      retryable: false,
      reason: 'empty-file',
    });
  });

  test('refuses a file that says it is too large, before taking any of it', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 20_000_000 });
      response.write('x');
    });
    await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({
      retryable: false,
      reason: 'too-large',
      message: expect.stringContaining('it has 20000000 bytes; at most 10000000 are taken (DOWNLOAD_MAX_BYTES)'),
    });
  });

  test('stops a file without a length when it gets too large', async () => {
    await using server = await serve((_request, response) => {
      const more = (): boolean => response.destroyed || response.write(AUDIO, more as () => void);
      more();
    });
    await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({ reason: 'too-large' });
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test('unpacks what a server compresses all the same, and says nothing of a coding that nobody knows', async () => {
    await using server = await serve((request, response) => {
      const packed = request.url === '/gzip';
      response
        .writeHead(200, { 'content-encoding': packed ? 'GZIP' : 'constructor' })
        .end(packed ? gzipSync(AUDIO) : AUDIO);
    });
    for (const url of ['/gzip', '/odd']) {
      const { sha256, bytes } = await fetchToFile(`${server.origin}${url}`, path, limitsFor(server));
      expect({ bytes, sha256 }).toEqual({
        bytes: AUDIO.length,
        sha256: createHash('sha256').update(AUDIO).digest('hex'),
      });
    }
  });

  test.each(['gzip', 'br', 'deflate'])(
    'refuses bytes that are not %s although they are called that',
    async (coding) => {
      await using server = await serve(
        (_request, response) => void response.writeHead(200, { 'content-encoding': coding }).end(AUDIO),
      );
      await expect(fetchToFile(server.origin, path, limitsFor(server))).rejects.toMatchObject({
        retryable: false,
        reason: 'bad-encoding',
      });
    },
  );
});
