import { RetryableError } from '#shared/errors';
import type { BlobInfo } from './blob-store.ts';

/** What an object carries besides its bytes, as `x-amz-meta-*`. */
export interface S3Metadata {
  /** Of the bytes, hexadecimal. */
  sha256: string;
  /** When it was written, by the writer's clock; ISO 8601. */
  written: string;
  /** Of the call that wrote it: a writer whose answer was lost knows its own object by it. */
  writer: string;
}

/** What S3 names an object that nobody gave a type. */
export const NO_TYPE = 'binary/octet-stream';

/** The part of an answer about an object that says what it is. */
export interface S3Answer {
  ContentLength?: number | undefined;
  ContentType?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}

/** @throws RetryableError `blob-corrupt` for an object that podline did not write: nothing says what its bytes should be. */
export function blobInfo(key: string, { ContentLength, ContentType, Metadata }: S3Answer): BlobInfo {
  const { sha256, written } = Metadata ?? {};
  if (sha256 === undefined || written === undefined || ContentLength === undefined) {
    throw new RetryableError(
      'blob-corrupt',
      `"${key}" was not written by podline: it has no digest. Delete it to have it made anew.`,
    );
  }
  return {
    key,
    size: ContentLength,
    digest: sha256,
    modified: new Date(written),
    contentType: ContentType === NO_TYPE ? undefined : ContentType,
  };
}
