import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '#shared/process/free-port';
import { CancelledError, RetryableError } from '#shared/errors';
import type { FetchLimits } from './fetch-limits.ts';
import { fetchToFile } from './fetch-to-file.ts';
import { fakeAudio, portOf, sendFile, serve } from '../../../../test/support/local-server.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-fetch-'));
  path = join(folder, 'source');
});
afterAll(() => rm(folder, { recursive: true }));

const limitsFor = (host: string, more: Partial<FetchLimits> = {}): FetchLimits => ({
  maxBytes: 10_000_000,
  allowHosts: [host],
  retries: { attempts: 3, baseMs: 1 },
  ...more,
});

const AUDIO = fakeAudio(900_000);
const sha256 = createHash('sha256').update(AUDIO).digest('hex');
const OTHER = fakeAudio(900_001);

describe('a download whose connection breaks', () => {
  test.each([
    ['an entity tag', { etag: '"v1"' }],
    ['a date', { lastModified: 'Wed, 21 Oct 2026 07:28:00 GMT' }],
  ])('goes on where it broke when the server gave %s, as often as it takes', async (_name, version) => {
    await using server = await serve((request, response) =>
      sendFile(request, response, AUDIO, { ...version, breakAfter: 200_000 }),
    );
    const file = await fetchToFile(server.origin, path, limitsFor(server.host));
    expect(file).toMatchObject({ bytes: AUDIO.length, sha256 });
    // At least four: what was received but not read when it broke is asked for again.
    expect(file.resumed).toBeGreaterThanOrEqual(4);
    expect(AUDIO.equals(await readFile(path))).toBe(true);
    expect(server.requests[1]?.headers).toMatchObject({ 'if-range': Object.values(version)[0] });
  });

  test.each([
    ['has no validator', {}],
    ['has a weak one', { etag: 'W/"v1"' }],
  ])('begins anew when the file %s', async (_name, version) => {
    await using server = await serve((request, response) =>
      sendFile(request, response, AUDIO, {
        ...version,
        ...(server.requests.length < 3 ? { breakAfter: 200_000 } : {}),
      }),
    );
    expect(await fetchToFile(server.origin, path, limitsFor(server.host))).toMatchObject({ sha256, resumed: 0 });
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined, undefined]);
  });

  test('begins anew when the server ignores the range', async () => {
    await using server = await serve((request, response) => {
      delete request.headers.range;
      sendFile(request, response, AUDIO, {
        etag: '"v1"',
        ...(server.requests.length < 2 ? { breakAfter: 200_000 } : {}),
      });
    });
    expect(await fetchToFile(server.origin, path, limitsFor(server.host))).toMatchObject({ sha256, resumed: 0 });
  });

  test('begins anew when the file changed, and mixes no two versions', async () => {
    const shorter = AUDIO.subarray(0, 1000);
    await using server = await serve((request, response) => {
      if (server.requests.length === 1) sendFile(request, response, OTHER, { etag: '"v1"', breakAfter: 200_000 });
      else sendFile(request, response, shorter, { etag: '"v2"' });
    });
    const file = await fetchToFile(server.origin, path, limitsFor(server.host));
    expect(file).toMatchObject({ sha256: createHash('sha256').update(shorter).digest('hex'), bytes: 1000, resumed: 0 });
    expect(shorter.equals(await readFile(path))).toBe(true);
  });

  test.each([
    ['another version', { 'content-range': 'bytes 200000-899999/900000', etag: '"v2"' }],
    ['another length', { 'content-range': 'bytes 200000-899999/900001', etag: '"v1"' }],
    ['another place', { 'content-range': 'bytes 100000-899999/900000', etag: '"v1"' }],
    ['a compressed part', { 'content-range': 'bytes 200000-899999/900000', etag: '"v1"', 'content-encoding': 'gzip' }],
  ])('does not append a part of %s', async (_name, headers) => {
    await using server = await serve((request, response) => {
      if (server.requests.length === 2) response.writeHead(206, headers).end(OTHER.subarray(200_000));
      else
        sendFile(request, response, AUDIO, {
          etag: '"v1"',
          ...(server.requests.length === 1 ? { breakAfter: 200_000 } : {}),
        });
    });
    expect(await fetchToFile(server.origin, path, limitsFor(server.host))).toMatchObject({ sha256, resumed: 0 });
    expect(server.requests).toHaveLength(3);
  });

  test('is complete when it broke right behind the last byte', async () => {
    const all = AUDIO.subarray(0, 1000);
    await using server = await serve((request, response) => {
      if (request.headers.range === undefined) response.writeHead(200, { etag: '"v1"' }).write(all);
      else response.writeHead(416, { 'content-range': `bytes */${all.length}` }).end();
    });
    const onProgress = (): void => void server.requests[0]?.socket.end();
    const file = await fetchToFile(server.origin, path, limitsFor(server.host), { onProgress });
    expect(file.bytes).toBe(all.length);
    expect(server.requests[1]?.headers.range).toBe('bytes=1000-');
  });

  test('gives up when nothing gets better, and leaves no file behind', async () => {
    await using server = await serve((request, response) =>
      sendFile(request, response, AUDIO, { breakAfter: 200_000 }),
    );
    await expect(fetchToFile(server.origin, path, limitsFor(server.host))).rejects.toMatchObject({
      retryable: true,
      reason: 'connection-failed',
    });
    expect(server.requests).toHaveLength(3);
    await expect(access(path)).rejects.toThrow('ENOENT');
  });
});

describe('a server that fails for the moment', () => {
  test.each([500, 502, 503, 429, 408])('is asked again after %i', async (status) => {
    await using server = await serve((request, response) => {
      if (server.requests.length < 3) response.writeHead(status).end();
      else sendFile(request, response, AUDIO);
    });
    expect(await fetchToFile(server.origin, path, limitsFor(server.host))).toMatchObject({ sha256 });
  });

  test('gets the time it asks for; when that is long, the job goes back to the queue', async () => {
    await using server = await serve(
      (_request, response) => void response.writeHead(429, { 'retry-after': '120' }).end(),
    );
    await expect(fetchToFile(server.origin, path, limitsFor(server.host))).rejects.toMatchObject({
      retryable: true,
      reason: 'throttled',
      delayMs: 120_000,
    });
    expect(server.requests).toHaveLength(1);
  });

  test('is a retryable error that names URL and status in the end', async () => {
    await using server = await serve((_request, response) => void response.writeHead(503).end());
    await expect(fetchToFile(`${server.origin}/a`, path, limitsFor(server.host))).rejects.toMatchObject({
      retryable: true,
      reason: 'server-error',
      message: `${server.origin}/a answered 503 Service Unavailable.`,
    });
  });

  test('may be down', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    await expect(fetchToFile(`http://${host}/a`, path, limitsFor(host))).rejects.toMatchObject({
      retryable: true,
      reason: 'connection-failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('may not exist', async () => {
    await expect(fetchToFile('http://podline.invalid/a', path, limitsFor('a:1'))).rejects.toMatchObject({
      reason: expect.stringMatching(/^(host-not-found|connection-failed)$/),
      message: expect.stringContaining('podline.invalid'),
    });
  });
});

describe('time-outs', () => {
  const once1 = { retries: { attempts: 1 } };

  test('end a connection that is not made', async () => {
    await using server = await serve(() => undefined);
    const never = (): Promise<never> => new Promise(() => undefined);
    const limits = { ...limitsFor(server.host, once1), timeouts: { connectMs: 30 } };
    await expect(fetchToFile('http://slow.test/', path, limits, { resolve: never })).rejects.toMatchObject({
      retryable: true,
      reason: 'time-out',
      message: 'http://slow.test/: connecting took longer than 0.03 s.',
    });
  });

  test('end a TLS handshake that is not answered', async () => {
    // It reads, so that it sees the end of the connection: else the socket would outlive the test.
    const mute = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const host = `127.0.0.1:${portOf(mute)}`;
    const limits = { ...limitsFor(host, once1), timeouts: { connectMs: 50 } };
    await expect(fetchToFile(`https://${host}/`, path, limits)).rejects.toMatchObject({
      reason: 'time-out',
      message: expect.stringContaining('connecting'),
    });
    mute.close();
  });

  test('end the wait for an answer', async () => {
    await using server = await serve(() => undefined);
    const limits = { ...limitsFor(server.host, once1), timeouts: { firstByteMs: 30 } };
    await expect(fetchToFile(server.origin, path, limits)).rejects.toMatchObject({
      reason: 'time-out',
      message: expect.stringContaining('waiting for an answer'),
    });
  });

  test.each([0, 1000])('end the wait for more after %i bytes', async (bytes) => {
    await using server = await serve((_request, response) => {
      response.flushHeaders();
      response.write(AUDIO.subarray(0, bytes));
    });
    const limits = { ...limitsFor(server.host, once1), timeouts: { idleMs: 50 } };
    await expect(fetchToFile(server.origin, path, limits)).rejects.toMatchObject({
      reason: 'time-out',
      message: expect.stringContaining(`nothing came for 0.05 s, after ${bytes} bytes`),
    });
  });

  test('end a download that only drips, retries and all', async () => {
    await using server = await serve((_request, response) => {
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    });
    const limits = limitsFor(server.host, { timeouts: { totalMs: 100 }, retries: { attempts: 100, baseMs: 1 } });
    await expect(fetchToFile(server.origin, path, limits)).rejects.toMatchObject({
      retryable: true,
      reason: 'time-out',
      message: expect.stringContaining('the download took longer than 0.1 s'),
    });
    await expect(access(path)).rejects.toThrow('ENOENT');
  });
});

describe('a signal', () => {
  test.each(['body', 'pause'])('stops the download during its %s', async (during) => {
    const stop = new AbortController();
    await using server = await serve((_request, response) => {
      if (during === 'body') response.write(AUDIO, () => stop.abort());
      else response.writeHead(503).end(() => stop.abort());
    });
    const limits = limitsFor(server.host, { retries: { attempts: 3, baseMs: 60_000, capMs: 60_000 } });
    await expect(fetchToFile(server.origin, path, limits, { signal: stop.signal })).rejects.toBeInstanceOf(
      CancelledError,
    );
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test('stops it with its own reason where that says how to settle', async () => {
    const reason = new RetryableError('job-timeout', 'too long');
    await expect(
      fetchToFile('http://127.0.0.1:1/', path, limitsFor('127.0.0.1:1'), { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
