import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { setTimeout as delay } from 'node:timers/promises';
import { asError } from '#shared/errors';
import { isPrecondition, isS3Unavailable, s3Error, statusOf, unsafeServer } from './s3-errors.ts';
import type { S3Settings } from './s3-settings.ts';

/** In milliseconds. */
const CONNECT_MS = 5000;
export const STALL_MS = 30_000;
/** Attempts of one request, and milliseconds before the second: twice as many before each further one. */
const ATTEMPTS = 4;
const ATTEMPT_DELAY_MS = 200;

/** A client that leaves retries to us: bodies must be opened anew for each. */
export function s3Client({ endpoint, region, credentials, forcePathStyle }: S3Settings): S3Client {
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    region,
    forcePathStyle,
    maxAttempts: 1,
    // Many compatible servers know no checksums in trailers; the SHA-256 that is signed with each request does as well.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: STALL_MS },
  });
}

/** A PUT whose body the server checks against its SHA-256, which is part of the signature. */
export function signedPut(input: PutObjectCommandInput, sha256: string): PutObjectCommand {
  const command = new PutObjectCommand(input);
  command.middlewareStack.add(
    (next) => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build', name: 'podlineBodyDigest' },
  );
  return command;
}

/**
 * Sends until it is answered, a few times.
 * @param send Makes the whole request anew.
 * @throws what the last attempt threw, for the caller to make sense of; errors but those of an S3 that is away, at once.
 */
export async function persistently<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (attempt === ATTEMPTS || !isS3Unavailable(s3Error(error, 'answer', signal))) throw error;
      await delay(ATTEMPT_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}

/**
 * Makes the bucket where it is missing, and refuses a server on which two writers could both create the same object.
 * @throws PermanentError `s3-unsafe`; RetryableError where S3 is away or refuses.
 */
export async function prepareBucket(client: S3Client, { bucket, prefix }: S3Settings): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(async (error: unknown) => {
      if (statusOf(error) !== 404) throw error;
      await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((refusal: unknown) => {
        // Another replica may have been faster.
        if (statusOf(refusal) !== 409) throw refusal;
      });
    });
    await assertConditionalWrites(client, bucket, `${prefix}probe/conditional-write`);
  } catch (error) {
    throw s3Error(error, `open bucket "${bucket}"`);
  }
}

/** The second of two conditional writes must fail, whether or not an earlier start left the object there. */
async function assertConditionalWrites(client: S3Client, bucket: string, key: string): Promise<void> {
  const put = () => client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'podline', IfNoneMatch: '*' }));
  for (let write = 1; write <= 2; write++) {
    try {
      await put();
    } catch (error) {
      if (isPrecondition(error)) return;
      if (statusOf(error) === 501) unsafeServer(bucket, `it answers "${asError(error).name}"`);
      throw error;
    }
  }
  unsafeServer(bucket, 'it took two of them for the same key');
}
