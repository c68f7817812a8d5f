import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { BlobStore } from '#shared/storage/blob-store';
import { asError, PodlineError } from '#shared/errors';
import { UsageError } from '../usage-error.ts';
import { AUDIO_FILE } from './audio-files.ts';
import type { EpisodeSource, IsNeeded } from './episode-source.ts';
import { uploadStream } from './upload-file.ts';

/** Most objects one prefix may stand for. */
const MOST = 1000;

/** Where the storage is; credentials come from where the AWS tools have theirs. */
export interface S3Location {
  endpoint?: string | undefined;
  region?: string | undefined;
}

/**
 * `s3://bucket/key`, or with a slash at the end every audio file below it. The bytes go through this machine, so that the
 * cluster needs no access to the bucket.
 */
export async function s3Episodes(source: string, audio: BlobStore, location: S3Location): Promise<EpisodeSource[]> {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*)$/.exec(source);
  const [, bucket, path] = match ?? [];
  if (bucket === undefined || path === undefined) {
    throw new UsageError(`"${source}" is no S3 address: expected s3://bucket/key, or s3://bucket/folder/.`);
  }
  const ask = <T>(work: (client: S3Client) => Promise<T>): Promise<T> => withClient(source, location, work);
  const folder = path === '' || path.endsWith('/');
  const keys = folder ? await ask((client) => audioKeys(client, bucket, path)) : [path];
  if (keys.length === 0) throw new UsageError(`${source} has no audio file.`);
  return keys.map((key) => {
    const title = basename(key);
    const upload = (isNeeded: IsNeeded): Promise<string> =>
      ask(async (client) => {
        const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return uploadStream(body as Readable, title, audio, isNeeded);
      });
    return { url: `s3://${bucket}/${key}`, title, upload };
  });
}

async function withClient<T>(
  source: string,
  { endpoint, region }: S3Location,
  work: (client: S3Client) => Promise<T>,
): Promise<T> {
  const client = new S3Client({
    region: region ?? 'us-east-1',
    // Most S3-compatible servers know buckets as paths only.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof UsageError || error instanceof PodlineError) throw error;
    const name = error instanceof S3ServiceException ? `${error.name}: ` : '';
    throw new UsageError(`${source} can't be read: ${name}${asError(error).message}`);
  } finally {
    client.destroy();
  }
}

async function audioKeys(client: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key, Size: size } of page.Contents ?? []) {
      if (key !== undefined && AUDIO_FILE.test(key) && size !== 0) keys.push(key);
      if (keys.length > MOST) {
        throw new UsageError(`s3://${bucket}/${prefix} has more than ${MOST} audio files; name a folder in it.`);
      }
    }
  }
  return keys.toSorted((a, b) => a.localeCompare(b));
}
