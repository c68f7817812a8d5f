import { S3ServiceException } from '@aws-sdk/client-s3';
import { asError, CancelledError, PermanentError, PodlineError, RetryableError } from '#shared/errors';
import { storageFull } from './storage-errors.ts';

const UNAVAILABLE = 's3-unavailable';
/** Nothing comes of asking more often until a person has changed something, in milliseconds. */
const REFUSED_DELAY_MS = 60_000;
/** Longest part of a server's own message that is passed on, in characters. */
const EXCERPT = 200;

/** Codes of the S3 API (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html) and of Ceph and MinIO. */
const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientCapacity', 'InsufficientStorage']);
const DAMAGED = new Set(['BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'InvalidDigest']);
const REFUSED = new Set(['NoSuchBucket', 'InvalidBucketName', 'PermanentRedirect', 'AuthorizationHeaderMalformed']);

export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** There is no such object; a bucket that is missing is another matter. */
export const isMissing = (error: unknown): boolean => statusOf(error) === 404 && asError(error).name !== 'NoSuchBucket';

/** A condition of the request does not hold: there is one already, or it is another one now. */
export const isPrecondition = (error: unknown): boolean => statusOf(error) === 412;

/** S3 is away or overloaded: nothing is wrong with what was to be stored. */
export function s3Unavailable(message: string, cause?: unknown): RetryableError {
  return new RetryableError(UNAVAILABLE, message, { cause, blameless: true });
}

export const isS3Unavailable = (error: unknown): boolean =>
  error instanceof RetryableError && error.reason === UNAVAILABLE;

/**
 * What an error of the S3 client means. Whatever an operator must mend (credentials, rights, a missing bucket) is retryable
 * and no fault of the job: episodes wait for it, none is lost.
 * @param what was being done, for the message. Never holds a credential: the client's messages don't, and its fields stay here.
 */
export function s3Error(thrown: unknown, what: string, signal?: AbortSignal): PodlineError {
  if (thrown instanceof PodlineError) return thrown;
  if (signal?.aborted === true) return new CancelledError(undefined, { cause: signal.reason });
  const error = asError(thrown);
  const status = statusOf(thrown);
  const said = `${error.name}${status === undefined ? '' : ` (${status})`}: ${error.message.slice(0, EXCERPT)}`;
  const message = `S3 could not ${what}: ${said}.`;
  if (FULL.has(error.name) || status === 507) return storageFull(message);
  if (DAMAGED.has(error.name)) return new RetryableError('blob-corrupt', message);
  if (status === undefined || status >= 500 || status === 408 || status === 409 || status === 429) {
    return s3Unavailable(message);
  }
  if (status === 401 || status === 403 || status === 301 || REFUSED.has(error.name)) {
    return new RetryableError(
      's3-refused',
      `${message} Check S3_ENDPOINT, S3_REGION, S3_BUCKET, the credentials and their rights.`,
      { delayMs: REFUSED_DELAY_MS, blameless: true },
    );
  }
  return new RetryableError('s3-failed', message);
}

/** @throws PermanentError always: a start that cannot be made good by waiting. */
export function unsafeServer(bucket: string, why: string): never {
  throw new PermanentError(
    's3-unsafe',
    `The S3 server of bucket "${bucket}" does not keep conditional writes (If-None-Match): ${why}. Two replicas could ` +
      'then overwrite each other’s results. Use Amazon S3, MinIO, Ceph RGW or another that has them, or STORAGE=nats.',
  );
}
