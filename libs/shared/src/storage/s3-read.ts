import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { CancelledError, RetryableError } from '#shared/errors';
import type { BlobInfo } from './blob-store.ts';
import { persistently, STALL_MS } from './s3-client.ts';
import { isMissing, isPrecondition, isS3Unavailable, s3Error, s3Unavailable } from './s3-errors.ts';
import { throwIfAborted } from './storage-errors.ts';

export interface ReadPlace {
  Bucket: string;
  Key: string;
  /** The version that was looked at. */
  IfMatch: string | undefined;
}

/** Times a body that breaks off is asked for again from where it broke, without any bytes in between. */
const MAX_BREAKS = 3;

/**
 * The bytes of an object, no faster than they are taken. Ends only if all arrived and match the digest.
 * @throws RetryableError `blob-corrupt`, `blob-changed`, `s3-unavailable`; CancelledError
 */
export async function* readBody(
  client: S3Client,
  place: ReadPlace,
  { key, size, digest }: BlobInfo,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let received = 0;
  for (let breaks = 0; received < size; breaks++) {
    try {
      for await (const bytes of bodyFrom(client, place, received, signal)) {
        received += bytes.length;
        hash.update(bytes);
        // Checked before the last bytes are handed on: a reader must not have all of a corrupt object.
        if (received >= size && !(received === size && hash.copy().digest('hex') === digest)) throw corrupt(key);
        yield bytes;
        throwIfAborted(signal);
        breaks = 0;
      }
    } catch (thrown) {
      if (isMissing(thrown) || isPrecondition(thrown)) {
        throw new RetryableError('blob-changed', `"${key}" was replaced or deleted while it was being read.`);
      }
      const error = s3Error(thrown, `read "${key}"`, signal);
      if (!isS3Unavailable(error) || breaks >= MAX_BREAKS) throw error;
    }
    if (breaks >= MAX_BREAKS) throw s3Unavailable(`S3 gave only ${received} of ${size} bytes of "${key}".`);
  }
  if (size === 0 && hash.digest('hex') !== digest) throw corrupt(key);
}

async function* bodyFrom(
  client: S3Client,
  place: ReadPlace,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  throwIfAborted(signal);
  const range = from === 0 ? {} : { Range: `bytes=${from}-` };
  const abortable = signal === undefined ? {} : { abortSignal: signal };
  const { Body } = await persistently(
    () => client.send(new GetObjectCommand({ ...place, ...range }), abortable),
    signal,
  );
  if (!(Body instanceof Readable)) return;
  const body: Readable = Body;
  const stop = (): void => void body.destroy(new CancelledError(undefined, { cause: signal?.reason }));
  signal?.addEventListener('abort', stop, { once: true });
  const watched = (): NodeJS.Timeout =>
    setTimeout(() => body.destroy(new Error(`no bytes for ${STALL_MS / 1000} s`)), STALL_MS);
  let watch = watched();
  try {
    for await (const bytes of body) {
      // Whoever reads may take its time.
      clearTimeout(watch);
      yield bytes as Uint8Array;
      watch = watched();
    }
  } finally {
    clearTimeout(watch);
    signal?.removeEventListener('abort', stop);
    // A reader that stops early must not leave the rest in the pipe.
    body.destroy();
  }
}

function corrupt(key: string): RetryableError {
  return new RetryableError('blob-corrupt', `"${key}" does not match its digest. Delete it to have it made anew.`);
}
