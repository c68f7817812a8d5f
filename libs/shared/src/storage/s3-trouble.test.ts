import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { S3Blobs } from './s3-blobs.ts';
import { prepareBucket, s3Client } from './s3-client.ts';
import { s3Settings, type S3Settings } from './s3-settings.ts';

const SECRET = 'do-not-tell-anybody';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers each request as told, in order; the last answer stands for all further ones. */
async function answering(...answers: Answer[]): Promise<{ settings: S3Settings; requests: string[] }> {
  const requests: string[] = [];
  server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]!;
    requests.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { settings: settingsFor(endpoint), requests };
}

const settingsFor = (endpoint: string): S3Settings => ({
  endpoint,
  region: 'us-east-1',
  bucket: 'shows',
  prefix: '',
  credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: SECRET },
  forcePathStyle: true,
});

const ok: Answer = (_, response) => void response.writeHead(200, { etag: '"1"' }).end();
const missing: Answer = (_, response) => void response.writeHead(404).end();
const dropped: Answer = (request) => void request.socket.destroy();
const refusing =
  (status: number, code: string): Answer =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
const object =
  (bytes: string, sha256: string, sent = bytes): Answer =>
  (request, response) => {
    const headers = {
      etag: '"1"',
      'content-length': Buffer.byteLength(bytes),
      'x-amz-meta-sha256': sha256,
      'x-amz-meta-written': new Date().toISOString(),
    };
    response.writeHead(200, headers);
    if (request.method === 'HEAD') response.end();
    else if (sent === bytes) response.end(sent);
    else response.write(sent, () => response.destroy());
  };
// echo -n hello | sha256sum
const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

const store = (settings: S3Settings): S3Blobs => new S3Blobs(s3Client(settings), { bucket: 'shows', prefix: 'a/' });

describe('a server without conditional writes', () => {
  test.each([
    ['that ignores the condition', [ok]],
    ['that does not know it', [ok, refusing(501, 'NotImplemented')]],
  ] as const)('%s is refused at start', async (_, answers) => {
    const { settings } = await answering(...answers);
    await expect(prepareBucket(s3Client(settings), settings)).rejects.toMatchObject({
      reason: 's3-unsafe',
      retryable: false,
      message: expect.stringContaining('If-None-Match'),
    });
  });

  test('is told from one that keeps it', async () => {
    const { settings, requests } = await answering(missing, ok, ok, refusing(412, 'PreconditionFailed'));
    await prepareBucket(s3Client(settings), settings);
    expect(requests).toHaveLength(4);
    expect(requests[1]).toMatch(/^PUT \/shows/);
  });
});

describe('an error', () => {
  test.each([
    ['AccessDenied', 403, { reason: 's3-refused', retryable: true, blameless: true }],
    ['NoSuchBucket', 404, { reason: 's3-refused', retryable: true, blameless: true }],
    ['QuotaExceeded', 403, { reason: 'storage-full', retryable: true, blameless: true }],
    ['XAmzContentSHA256Mismatch', 400, { reason: 'blob-corrupt', retryable: true }],
    ['InvalidRequest', 400, { reason: 's3-failed', retryable: true, blameless: false }],
    ['SlowDown', 503, { reason: 's3-unavailable', retryable: true, blameless: true }],
  ])('%s (%s) says what is to be done, without any secret', async (code, status, expected) => {
    const { settings } = await answering(refusing(status, code));
    const failure = await store(settings)
      .put('key', Buffer.from('hello'))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject(expected);
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(new RegExp(`${SECRET}|AKIDTEST`));
  });

  test('that passes is not noticed', async () => {
    const { settings, requests } = await answering(dropped, refusing(503, 'SlowDown'), ok);
    await expect(store(settings).put('key', Buffer.from('hello'))).resolves.toMatchObject({ size: 5, digest: HELLO });
    expect(requests).toEqual(['PUT /shows/a/key?x-id=PutObject', ...requests.slice(0, 2)]);
  });

  test('of a server that is not there is nobody’s fault', async () => {
    const { settings } = await answering(ok);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(store(settings).head('key')).rejects.toMatchObject({ reason: 's3-unavailable', blameless: true });
  });

  test('of an answer that is lost does not make a writer take its own blob for another’s', async () => {
    let writer: string | string[] | undefined;
    const stored: Answer = (request) => {
      writer = request.headers['x-amz-meta-writer'];
      request.socket.destroy();
    };
    const own: Answer = (_, response) => {
      const meta = { 'x-amz-meta-sha256': HELLO, 'x-amz-meta-written': new Date().toISOString() };
      response.writeHead(200, { ...meta, 'x-amz-meta-writer': String(writer), 'content-length': 5 }).end();
    };
    const { settings } = await answering(missing, stored, refusing(412, 'PreconditionFailed'), own);
    await expect(store(settings).create('key', Buffer.from('hello'))).resolves.toMatchObject({ created: true });
  });
});

describe('reading', () => {
  test('goes on where a connection broke', async () => {
    const rest: Answer = (request, response) => {
      expect(request.headers.range).toBe('bytes=2-');
      response.writeHead(206, { 'content-length': 3 }).end('llo');
    };
    const { settings } = await answering(object('hello', HELLO), object('hello', HELLO, 'he'), rest);
    const bytes = await store(settings).read('key', { maxBytes: 5 });
    expect(Buffer.from(bytes ?? []).toString()).toBe('hello');
  });

  test('ends with an error where the bytes are not those that were written', async () => {
    const { settings } = await answering(object('jello', HELLO));
    await expect(store(settings).read('key', { maxBytes: 5 })).rejects.toMatchObject({ reason: 'blob-corrupt' });
  });

  test('refuses what podline did not write', async () => {
    const { settings } = await answering(ok);
    await expect(store(settings).head('key')).rejects.toMatchObject({ reason: 'blob-corrupt' });
  });
});

test('settings that do not go together are said', () => {
  const base = { S3_REGION: 'eu-central-1', S3_PREFIX: '' };
  expect(() => s3Settings(base)).toThrow('STORAGE=s3 needs S3_BUCKET');
  expect(() => s3Settings({ ...base, S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'k' })).toThrow(
    'S3_SECRET_ACCESS_KEY is not set',
  );
  expect(s3Settings({ ...base, S3_BUCKET: 'b' })).toMatchObject({ credentials: undefined, forcePathStyle: false });
  expect(s3Settings({ ...base, S3_BUCKET: 'b', S3_ENDPOINT: 'http://minio:9000' }).forcePathStyle).toBe(true);
});
