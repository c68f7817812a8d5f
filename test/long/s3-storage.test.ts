import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { manifestKey, summaryKey, transcriptKey } from '#shared/contracts/artifact-keys';
import { describeBlobStore } from '#shared/storage/blob-store.contract';
import { S3Blobs } from '#shared/storage/s3-blobs';
import { prepareBucket, s3Client } from '#shared/storage/s3-client';
import { publishEpisode } from '../../apps/cli/src/publish-episode.ts';
import { file, type MediaServer, startMediaServer } from '../support/media-server.ts';
import { hasS3Server, NO_S3_SERVER, type S3Server, startS3Server } from '../support/s3-server.ts';
import { type ServiceStack, startServiceStack } from '../support/service-stack.ts';

jest.setTimeout(120_000);

const ROOT = join(import.meta.dirname, '..', '..');
/** Small enough that sources go to a file, too. */
const MEMORY_BYTES = 4096;
const MIB = 1024 ** 2;

if (hasS3Server) describeS3();
else describe('S3', () => test.skip(NO_S3_SERVER, () => undefined));

function describeS3(): void {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
    await prepareBucket(s3Client(server.settings), server.settings);
  });
  afterAll(() => server?.stop());

  const storeAt = (prefix: string, maxAgeMs?: number): S3Blobs =>
    new S3Blobs(s3Client(server.settings), {
      bucket: server.settings.bucket,
      prefix,
      memoryBytes: MEMORY_BYTES,
      maxAgeMs,
    });

  describeBlobStore('Ceph’s S3', [0, MEMORY_BYTES, 20_000], async () => ({
    store: storeAt('contract/'),
    close: async () => {},
  }));

  describe('a bucket', () => {
    test('can be prepared any number of times, by several at once', async () => {
      const settings = { ...server.settings, bucket: 'podline-again' };
      const prepare = () => prepareBucket(s3Client(settings), settings);
      await Promise.all([prepare(), prepare(), prepare()]);
      await prepare();
    });

    test('refuses wrong credentials, in words that hold none', async () => {
      const credentials = { ...server.settings.credentials!, secretAccessKey: 'a-wrong-secret' };
      const failure = await prepareBucket(s3Client({ ...server.settings, credentials }), server.settings).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ reason: 's3-refused', retryable: true, blameless: true });
      expect(String(failure)).not.toMatch(/a-wrong-secret|AKID/);
    });

    test('is shared by stores with different prefixes', async () => {
      await storeAt('one/').put('key', Buffer.from('one'));
      await storeAt('two/').put('key', Buffer.from('two'));
      const keys: string[] = [];
      for await (const { key } of storeAt('one/').list('')) keys.push(key);
      expect(keys).toEqual(['key']);
      expect(Buffer.from((await storeAt('two/').read('key', { maxBytes: 9 })) ?? []).toString()).toBe('two');
    });

    test('lists more than a page', async () => {
      const store = storeAt('many/');
      await Promise.all(Array.from({ length: 1010 }, (_, i) => store.put(`k${i}`, Buffer.from('x'))));
      const keys = new Set<string>();
      for await (const { key } of store.list('k')) keys.add(key);
      expect(keys.size).toBe(1010);
    });

    test('is rid of blobs that are older than they may be', async () => {
      await storeAt('aged/').put('old', Buffer.from('x'));
      await storeAt('aged/', 60_000).removeOrphans();
      expect(await storeAt('aged/').head('old')).toBeDefined();
      // S3 keeps times in whole seconds.
      while ((await storeAt('aged/').head('old')) !== undefined) await storeAt('aged/', 1).removeOrphans();
    });
  });

  test('a blob that somebody replaced while it was read is said to have changed', async () => {
    const store = storeAt('changing/');
    await store.put('key', Buffer.alloc(MIB, 1));
    const opened = await store.open('key');
    await store.put('key', Buffer.alloc(MIB, 2));
    const read = async () => {
      for await (const piece of opened?.bytes ?? []) void piece;
    };
    await expect(read()).rejects.toMatchObject({ reason: 'blob-changed', retryable: true });
  });

  test('a large blob goes in and out in little memory', async () => {
    const store = new S3Blobs(s3Client(server.settings), { bucket: server.settings.bucket, prefix: 'large/' });
    const size = 200;
    const hash = createHash('sha256');
    const source = async function* () {
      for (let i = 0; i < size; i++) {
        const piece = Buffer.alloc(MIB, i);
        hash.update(piece);
        yield piece;
      }
    };
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 20);
    const before = process.memoryUsage().arrayBuffers;
    const info = await store.put('large', source());
    expect(info).toMatchObject({ size: size * MIB, digest: hash.digest('hex') });
    let received = 0;
    for await (const piece of (await store.open('large'))?.bytes ?? []) received += piece.length;
    clearInterval(watch);
    expect(received).toBe(size * MIB);
    expect(most - before).toBeLessThan(100 * MIB);
    await store.delete('large');
  });

  describe('podline on S3', () => {
    let media: MediaServer;
    let stack: ServiceStack;
    const s3 = (): Record<string, string> => ({
      STORAGE: 's3',
      S3_ENDPOINT: server.settings.endpoint ?? '',
      S3_BUCKET: 'podline-service',
      S3_ACCESS_KEY_ID: server.settings.credentials?.accessKeyId ?? '',
      S3_SECRET_ACCESS_KEY: server.settings.credentials?.secretAccessKey ?? '',
    });

    beforeAll(async () => {
      media = await startMediaServer({ '/talk.mp3': file(join(ROOT, 'test', 'fixtures', 'speech-40s.mp3')) });
      stack = await startServiceStack({ DOWNLOAD_ALLOW_HOSTS: media.host, WHISPER_WORKERS: '1', ...s3() }, [
        'downloader',
        'transcriber-whisper',
        'summarizer',
      ]);
    });
    afterAll(async () => {
      await stack?.stop();
      await media?.close();
    });

    test('brings an episode to its end, and keeps its artifacts there and nowhere else', async () => {
      await publishEpisode(stack.client, { id: 'on-s3', url: media.url('/talk.mp3') });
      expect(await stack.finished('on-s3')).toMatchObject({ status: 'done', errors: [] });
      const results = new S3Blobs(s3Client(server.settings), { bucket: 'podline-service', prefix: 'podline/results/' });
      const keys: string[] = [];
      for await (const { key } of results.list('on-s3/')) keys.push(key);
      const expected = [manifestKey('on-s3'), transcriptKey('on-s3', 'vtt'), summaryKey('on-s3', 'json')];
      expect(keys).toEqual(expect.arrayContaining(expected));
      // NATS has not even a bucket for them.
      await expect(stack.client.results.head(transcriptKey('on-s3', 'json'))).rejects.toThrow('stream not found');
    });

    test('gives them to the command line', async () => {
      const main = join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js');
      const env = { NATS_URL: stack.nats.url, ...s3() };
      const { stdout } = await execa(process.execPath, [main, 'get', 'on-s3', '--format', 'json'], { env });
      expect(JSON.parse(stdout)).toMatchObject({ episodeId: 'on-s3' });
    });
  });
}
