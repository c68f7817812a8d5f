import { z } from 'zod';
import { asError, PermanentError, RetryableError } from '#shared/errors';
import type { BlobInfo } from './blob-store.ts';

/**
 * The layout of JetStream's Object Store (ADR-20 of nats-architecture-and-design), so that `nats object` and every client
 * can read and write the same buckets: chunks on `$O.<bucket>.C.<nuid>`, then one message of JSON that makes them an object on
 * `$O.<bucket>.M.<name in base64url>`.
 */
export const bucketStream = (bucket: string): string => `OBJ_${bucket}`;
export const chunkSubject = (bucket: string, nuid: string): string => `$O.${bucket}.C.${nuid}`;
export const allChunks = (bucket: string): string => `$O.${bucket}.C.>`;
export const allMetas = (bucket: string): string => `$O.${bucket}.M.>`;

/** Padded, as every client does it: an unpadded subject would be another object. */
export function metaSubject(bucket: string, key: string): string {
  return `$O.${bucket}.M.${padded(Buffer.from(key).toString('base64url'))}`;
}

/** The id in a chunk's subject. */
export const nuidOf = (bucket: string, subject: string): string => subject.slice(chunkSubject(bucket, '').length);

/** The name in a meta message's subject. */
export function keyOf(bucket: string, subject: string): string {
  return Buffer.from(subject.slice(metaSubject(bucket, '').length), 'base64url').toString();
}

const DIGEST_PREFIX = 'SHA-256=';

/** Clients leave out or null what they have no value for: a deleted object has no digest, a link has no chunks. */
const objectMetaSchema = z.object({
  name: z.string(),
  bucket: z.string(),
  // It becomes part of a subject that is purged: a wildcard there would empty the bucket.
  nuid: z
    .string()
    .regex(/^[\w-]*$/)
    .default(''),
  size: z.int().nonnegative().default(0),
  chunks: z.int().nonnegative().default(0),
  digest: z.string().default(''),
  mtime: z.string().nullish(),
  deleted: z.boolean().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  options: z.object({ link: z.unknown().optional(), max_chunk_size: z.int().nullish() }).nullish(),
});

export type ObjectMeta = z.infer<typeof objectMetaSchema>;

const CONTENT_TYPE = 'content-type';

/** The newest meta message of a key. */
export interface StoredMeta {
  meta: ObjectMeta;
  /** Its sequence in the stream: what a compare-and-set expects. */
  seq: number;
  /** When the server stored it. */
  storedAt: Date;
}

/** What a writer knows once all chunks are stored. */
export interface WrittenObject {
  bucket: string;
  key: string;
  nuid: string;
  size: number;
  chunks: number;
  /** SHA-256, raw. */
  sha256: Buffer;
  chunkBytes: number;
  contentType: string | undefined;
}

export function metaOf(object: WrittenObject, now: Date): ObjectMeta {
  return {
    name: object.key,
    bucket: object.bucket,
    nuid: object.nuid,
    size: object.size,
    chunks: object.chunks,
    digest: DIGEST_PREFIX + padded(object.sha256.toString('base64url')),
    mtime: now.toISOString(),
    deleted: false,
    ...(object.contentType === undefined ? {} : { metadata: { [CONTENT_TYPE]: object.contentType } }),
    options: { max_chunk_size: object.chunkBytes },
  };
}

/** @throws RetryableError `blob-corrupt` */
export function parseMeta(data: Uint8Array, subject: string): ObjectMeta {
  try {
    return objectMetaSchema.parse(JSON.parse(Buffer.from(data).toString()));
  } catch (error) {
    throw new RetryableError('blob-corrupt', `${subject} holds no object's meta: ${asError(error).message}`, {
      cause: error,
    });
  }
}

/** Whether a meta message stands for an object that can be read here. */
export function isLive(stored: StoredMeta | undefined): stored is StoredMeta {
  return stored !== undefined && stored.meta.deleted !== true;
}

export const isLink = (meta: ObjectMeta): boolean => meta.options?.link !== undefined && meta.options.link !== null;

/** @throws PermanentError `blob-is-link`, RetryableError `blob-corrupt` */
export function infoOf({ meta, storedAt }: Pick<StoredMeta, 'meta' | 'storedAt'>): BlobInfo {
  if (isLink(meta)) {
    throw new PermanentError(
      'blob-is-link',
      `"${meta.name}" in bucket "${meta.bucket}" is a link; store the object itself.`,
    );
  }
  return {
    key: meta.name,
    size: meta.size,
    digest: digestOf(meta).toString('hex'),
    modified: modifiedOf(meta, storedAt),
    contentType: meta.metadata?.[CONTENT_TYPE],
  };
}

/** The SHA-256 a meta message promises, raw. @throws RetryableError `blob-corrupt` */
export function digestOf(meta: ObjectMeta): Buffer {
  const digest = Buffer.from(meta.digest.slice(DIGEST_PREFIX.length), 'base64url');
  if (!meta.digest.startsWith(DIGEST_PREFIX) || digest.length !== 32) {
    throw new RetryableError(
      'blob-corrupt',
      `"${meta.name}" in bucket "${meta.bucket}" has no SHA-256: "${meta.digest}".`,
    );
  }
  return digest;
}

/** Go's client leaves the year 1 there and goes by the message. */
function modifiedOf(meta: ObjectMeta, storedAt: Date): Date {
  const written = Date.parse(meta.mtime ?? '');
  return written > 0 ? new Date(written) : storedAt;
}

function padded(base64: string): string {
  return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');
}
