import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FetchLimits } from './fetch-limits.ts';
import { fetchToFile } from './fetch-to-file.ts';
import { fakeAudio, sendFile, serve } from '../../../../test/support/local-server.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-fetch-'));
  path = join(folder, 'source');
});
afterAll(() => rm(folder, { recursive: true }));

const limits = (...allowHosts: string[]): FetchLimits => ({
  maxBytes: 100_000_000,
  allowHosts,
  retries: { attempts: 1 },
});
const AUDIO = fakeAudio(10_000);

describe('a forged URL', () => {
  test.each([
    ['loopback', 'http://127.0.0.1:PORT/'],
    ['loopback by name', 'http://localhost:PORT/'],
    ['decimal', 'http://2130706433:PORT/'],
    ['octal', 'http://0177.0.0.01:PORT/'],
    ['hexadecimal', 'http://0x7f000001:PORT/'],
    ['short', 'http://127.1:PORT/'],
    ['percent-encoded', 'http://%31%32%37.0.0.1:PORT/'],
    ['full-width digits', 'http://１２７.0.0.1:PORT/'],
    ['circled digits', 'http://①②⑦.⓪.⓪.①:PORT/'],
    ['this network', 'http://0.0.0.0:PORT/'],
    ['this network, short', 'http://0:PORT/'],
    ['IPv6 loopback', 'http://[::1]:PORT/'],
    ['IPv6 unspecified', 'http://[::]:PORT/'],
    ['IPv4-mapped', 'http://[::ffff:127.0.0.1]:PORT/'],
    ['IPv4-mapped, in hexadecimal', 'http://[::ffff:7f00:1]:PORT/'],
    ['IPv4-compatible', 'http://[::127.0.0.1]:PORT/'],
    ['NAT64', 'http://[64:ff9b::127.0.0.1]:PORT/'],
    ['6to4', 'http://[2002:7f00:1::]:PORT/'],
    ['metadata service', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata service, decimal', 'http://2852039166/latest/meta-data/'],
    ['private', 'http://10.0.0.1/'],
    ['carrier-grade NAT', 'http://100.64.0.1/'],
    ['multicast', 'http://224.0.0.1/'],
    ['credentials that look like a host', 'http://example.com@127.0.0.1:PORT/'],
  ])('is refused before anything is sent: %s', async (_name, form) => {
    await using server = await serve((request, response) => sendFile(request, response, AUDIO));
    const url = form.replace('PORT', String(server.port));
    await expect(fetchToFile(url, path, limits())).rejects.toMatchObject({
      retryable: false,
      reason: 'forbidden-address',
      message: expect.stringContaining('DOWNLOAD_ALLOW_HOSTS'),
    });
    expect(server.requests).toEqual([]);
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test('is refused whether or not the resolver knows "localhost." with a dot', async () => {
    await using server = await serve((request, response) => sendFile(request, response, AUDIO));
    await expect(fetchToFile(`http://localhost.:${server.port}/`, path, limits())).rejects.toMatchObject({
      reason: expect.stringMatching(/^(forbidden-address|host-not-found)$/),
    });
    expect(server.requests).toEqual([]);
  });

  test.each([
    'file:///etc/passwd',
    'ftp://example.com/a.mp3',
    'gopher://127.0.0.1:70/_x',
    'data:audio/mpeg;base64,AAAA',
    'upload:abc',
  ])('is refused by its scheme: %s', async (url) => {
    await expect(fetchToFile(url, path, limits())).rejects.toMatchObject({
      retryable: false,
      reason: 'unsupported-scheme',
    });
  });

  test('is refused when it is none, without its credentials being shown', async () => {
    await expect(fetchToFile('http://anna:secret@:99999999/?token=secret', path, limits())).rejects.toMatchObject({
      reason: 'invalid-url',
      message: expect.not.stringContaining('secret'),
    });
  });
});

describe('a redirect', () => {
  test.each([
    ['a private address', 'http://169.254.169.254/latest', 'forbidden-address'],
    ['a file', 'file:///etc/passwd', 'unsupported-scheme'],
    ['a data URL', 'data:text/plain,x', 'unsupported-scheme'],
  ])('to %s is refused', async (_name, location, reason) => {
    await using server = await serve((_request, response) => void response.writeHead(302, { location }).end());
    await expect(fetchToFile(server.origin, path, limits(server.host))).rejects.toMatchObject({
      retryable: false,
      reason,
    });
  });

  test('to another port of an allowed host is refused', async () => {
    await using secret = await serve((request, response) => sendFile(request, response, AUDIO));
    await using server = await serve(
      (_request, response) => void response.writeHead(302, { location: secret.origin }).end(),
    );
    await expect(fetchToFile(server.origin, path, limits(server.host))).rejects.toMatchObject({
      reason: 'forbidden-address',
    });
    expect(secret.requests).toEqual([]);
  });
});

describe('a name that changes its address', () => {
  test('is resolved once per request, and that address is the one connected to', async () => {
    await using good = await serve((request, response) => sendFile(request, response, AUDIO), '127.0.0.2');
    await using secret = await serve((request, response) => sendFile(request, response, AUDIO), '127.0.0.3', good.port);
    const answers = ['127.0.0.2', '127.0.0.3', '127.0.0.3'];
    const resolved: string[] = [];
    const resolve = (): Promise<string[]> => {
      resolved.push(answers[resolved.length] ?? '');
      return Promise.resolve(resolved.slice(-1));
    };
    await fetchToFile(`http://rebind.test:${good.port}/`, path, limits('127.0.0.2/32'), { resolve });
    expect(resolved).toEqual(['127.0.0.2']);
    expect(good.requests[0]?.headers.host).toBe(`rebind.test:${good.port}`);
    expect(secret.requests).toEqual([]);
  });

  test('is checked again at every redirect to itself', async () => {
    await using good = await serve(
      (_request, response) => void response.writeHead(302, { location: '/2' }).end(),
      '127.0.0.2',
    );
    await using secret = await serve((request, response) => sendFile(request, response, AUDIO), '127.0.0.3', good.port);
    const answers = [['127.0.0.2'], ['127.0.0.3']];
    const resolve = (): Promise<string[]> => Promise.resolve(answers.shift() ?? []);
    await expect(
      fetchToFile(`http://rebind.test:${good.port}/`, path, limits('127.0.0.2/32'), { resolve }),
    ).rejects.toMatchObject({ reason: 'forbidden-address' });
    expect(secret.requests).toEqual([]);
  });

  test('is reached only at those of its addresses that are allowed', async () => {
    await using good = await serve((request, response) => sendFile(request, response, AUDIO), '127.0.0.2');
    await using secret = await serve((request, response) => sendFile(request, response, AUDIO), '127.0.0.3', good.port);
    const resolve = (): Promise<string[]> => Promise.resolve(['127.0.0.3', '::1', '127.0.0.2']);
    await fetchToFile(`http://mixed.test:${good.port}/`, path, limits('127.0.0.2/32'), { resolve });
    expect([good.requests.length, secret.requests.length]).toEqual([1, 0]);
  });
});

describe('credentials', () => {
  test('are sent as basic authentication, to the same origin only', async () => {
    await using elsewhere = await serve((request, response) => sendFile(request, response, AUDIO));
    await using server = await serve((request, response) => {
      response.writeHead(302, { location: request.url === '/1' ? '/2' : elsewhere.origin }).end();
    });
    const url = `http://anna:s%C3%A9%3Acret@${server.host}/1`;
    await fetchToFile(url, path, limits(server.host, elsewhere.host));
    const sent = `Basic ${Buffer.from('anna:sé:cret').toString('base64')}`;
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([sent, sent]);
    expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test.each(['/404', '/503', '/break', '/html', '/redirect', '/large'])(
    'never get into an error: %s',
    async (target) => {
      await using server = await serve((request, response) => {
        if (request.url?.startsWith('/break')) response.destroy();
        else if (request.url?.startsWith('/html')) response.end('<html>');
        else if (request.url?.startsWith('/large')) response.writeHead(200, { 'content-length': 1e12 }).write('x');
        else if (request.url?.startsWith('/redirect'))
          response.writeHead(302, { location: 'http://bob:hidden@10.0.0.1/?key=hidden' }).end();
        else response.writeHead(Number(request.url?.slice(1, 4))).end();
      });
      const url = `http://anna:hidden@${server.host}${target}?token=hidden`;
      const error: unknown = await fetchToFile(url, path, limits(server.host)).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hidden');
    },
  );
});

describe('a decompression bomb', () => {
  const zeros = Buffer.alloc(40_000_000);
  test.each([
    ['gzip', gzipSync(zeros)],
    ['br', brotliCompressSync(zeros)],
  ])('is stopped while it unpacks: %s', async (coding, bomb) => {
    await using server = await serve(
      (_request, response) => void response.writeHead(200, { 'content-encoding': coding }).end(bomb),
    );
    await expect(fetchToFile(server.origin, path, limits(server.host))).rejects.toMatchObject({
      retryable: false,
      reason: 'too-large',
      message: expect.stringContaining('from a tiny file'),
    });
    await expect(access(path)).rejects.toThrow('ENOENT');
  });

  test('is stopped at the size limit however slowly it grows', async () => {
    const packed = gzipSync(fakeAudio(1_000_000));
    await using server = await serve(
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    );
    await expect(fetchToFile(server.origin, path, { ...limits(server.host), maxBytes: 500_000 })).rejects.toMatchObject(
      { reason: 'too-large' },
    );
  });
});
