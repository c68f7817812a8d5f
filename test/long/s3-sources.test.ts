import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { natsConfigSchema, streamConfigSchema } from '#shared/config/common';
import { uploadKey } from '#shared/contracts/artifact-keys';
import { AUDIO_BUCKET, jobStream } from '#shared/contracts/subjects';
import { connectNats, type NatsConnection } from '#shared/jetstream/connect';
import { ensureStreams } from '#shared/jetstream/streams';
import { ensureBucket } from '#shared/storage/ensure-bucket';
import { ObjectStoreBlobs } from '#shared/storage/object-store-blobs';
import { s3Client } from '#shared/storage/s3-client';
import { type NatsServer, startNatsServer } from '../support/nats-server.ts';
import { hasS3Server, NO_S3_SERVER, type S3Server, startS3Server } from '../support/s3-server.ts';

jest.setTimeout(120_000);

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'apps', 'cli', 'src', 'main.js');
const [ONE, TWO] = [Buffer.from('audio one'), Buffer.alloc(3_000_000, 'audio two')];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

if (hasS3Server) describeSources();
else describe('S3 addresses', () => test.skip(NO_S3_SERVER, () => undefined));

function describeSources(): void {
  let s3: S3Server;
  let nats: NatsServer;
  let connection: NatsConnection;
  let audio: ObjectStoreBlobs;

  /** Credentials come as the AWS tools have them: from the environment, never as an argument. */
  const submit = (source: string, secret?: string) =>
    execa(process.execPath, [MAIN, 'submit', source, '--json'], {
      env: {
        NATS_URL: nats.url,
        AWS_ENDPOINT_URL_S3: s3.settings.endpoint,
        AWS_ACCESS_KEY_ID: s3.settings.credentials?.accessKeyId,
        AWS_SECRET_ACCESS_KEY: secret ?? s3.settings.credentials?.secretAccessKey,
      },
      reject: false,
    });

  beforeAll(async () => {
    s3 = await startS3Server();
    nats = await startNatsServer();
    connection = await connectNats(natsConfigSchema.parse({ NATS_URL: nats.url }), 'test');
    const jsm = await connection.jetstreamManager();
    await ensureStreams(jsm, streamConfigSchema.parse({}));
    await ensureBucket(jsm, { bucket: AUDIO_BUCKET, replicas: 1, maxBytes: 0 });
    audio = new ObjectStoreBlobs(connection, AUDIO_BUCKET);
    const client = s3Client(s3.settings);
    await client.send(new CreateBucketCommand({ Bucket: 'shows' }));
    const objects = {
      '2026/one.mp3': ONE,
      '2026/deep/two.flac': TWO,
      '2026/notes.txt': Buffer.from('no audio'),
      '2026/empty.mp3': Buffer.alloc(0),
      '2025/old.mp3': Buffer.from('old'),
      '2025/raw': Buffer.from('no extension'),
    };
    for (const [Key, Body] of Object.entries(objects)) {
      await client.send(new PutObjectCommand({ Bucket: 'shows', Key, Body }));
    }
    client.destroy();
  });

  afterAll(async () => {
    await connection?.close();
    await nats?.stop();
    await s3?.stop();
  });

  describe('podline submit s3://…', () => {
    test('takes every audio file of a folder, and the cluster gets their bytes', async () => {
      const { stdout } = await submit('s3://shows/2026/');
      expect(JSON.parse(stdout)).toMatchObject([
        { title: 'two.flac', url: `upload:${sha256(TWO)}` },
        { title: 'one.mp3', url: `upload:${sha256(ONE)}` },
      ]);
      expect(await audio.head(uploadKey(sha256(TWO)))).toMatchObject({ size: TWO.length, digest: sha256(TWO) });
      const { state } = await (await connection.jetstreamManager()).streams.info(jobStream('download'));
      expect(state.messages).toBe(2);
    });

    test('takes one object, whatever it is called', async () => {
      const { stdout } = await submit('s3://shows/2025/raw');
      expect(JSON.parse(stdout)).toMatchObject([
        { title: 'raw', url: `upload:${sha256(Buffer.from('no extension'))}` },
      ]);
    });

    test.each([
      ['an object that is not there', 's3://shows/2026/none.mp3', undefined, 'NoSuchKey'],
      ['an object without bytes', 's3://shows/2026/empty.mp3', undefined, 'empty.mp3 is empty'],
      ['a bucket that is not there', 's3://no-such-bucket/', undefined, 'NoSuchBucket'],
      ['a folder without audio', 's3://shows/2024/', undefined, 'has no audio file'],
      ['an address that is none', 's3://shows', undefined, 'expected s3://bucket/key'],
      ['credentials that are wrong', 's3://shows/2026/', 'a-wrong-secret', 'SignatureDoesNotMatch'],
    ])('says what is wrong with %s, without credentials', async (_what, source, secret, words) => {
      const { stdout, stderr, exitCode } = await submit(source, secret);
      expect(stderr).toContain(words);
      expect(exitCode).toBe(2);
      expect(stdout + stderr).not.toMatch(/a-wrong-secret|AKID|secret-of-the-test-server/);
    });
  });
}
