import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchFile } from './fetch-file.ts';

const CONTENT = randomBytes(200_000);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

let folder: string;
let path: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podline-fetch-'));
  path = join(folder, 'models', 'ggml-a.bin');
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ggml-a.bin`;
}

const ignore = (): void => undefined;

describe('fetchFile', () => {
  test('puts the file in its place, and fetches it once', async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests++;
      response.end(CONTENT);
    });
    expect(await fetchFile(path, { url, sha256: SHA256 }, ignore)).toBe(true);
    expect(await readFile(path)).toEqual(CONTENT);
    expect(await fetchFile(path, { url, sha256: SHA256 }, ignore)).toBe(false);
    expect(requests).toBe(1);
    expect(await readdir(join(folder, 'models'))).toEqual(['ggml-a.bin']);
  });

  test('goes on where a connection broke off', async () => {
    const ranges: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      ranges.push(request.headers.range);
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': CONTENT.length - from });
      if (ranges.length > 2) return void response.end(CONTENT.subarray(from));
      response.write(CONTENT.subarray(from, from + 60_000), () => setTimeout(() => response.destroy(), 50));
    });
    await fetchFile(path, { url, sha256: SHA256, bytes: CONTENT.length }, ignore);
    expect(await readFile(path)).toEqual(CONTENT);
    expect(ranges.length).toBeGreaterThanOrEqual(3);
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('refuses and deletes what is not what was pinned', async () => {
    const url = await serve((_request, response) => response.end('something else'));
    await expect(fetchFile(path, { url, sha256: SHA256 }, ignore)).rejects.toThrow(`but ${SHA256} is pinned`);
    expect(await readdir(join(folder, 'models'))).toEqual([]);
  });

  test('says at once what the server refuses', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end());
    await expect(fetchFile(path, { url, sha256: SHA256 }, ignore)).rejects.toThrow(`${url} answers 404`);
  });
});
