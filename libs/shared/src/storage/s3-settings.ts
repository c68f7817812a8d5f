import { PermanentError } from '#shared/errors';

/** Where blobs are kept in S3 or what speaks its protocol. */
export interface S3Settings {
  /** Unset: Amazon's, by region. */
  endpoint: string | undefined;
  region: string;
  bucket: string;
  /** Every key begins with it, so that a bucket can be shared. */
  prefix: string;
  /** Unset: what the SDK finds by itself (environment, web identity of the pod, instance). */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** `host/bucket/key`, not `bucket.host/key`. */
  forcePathStyle: boolean;
}

/** The variables of `config/common.ts` that describe it. */
export interface S3Variables {
  S3_ENDPOINT?: string | undefined;
  S3_REGION: string;
  S3_BUCKET?: string | undefined;
  S3_PREFIX: string;
  S3_ACCESS_KEY_ID?: string | undefined;
  S3_SECRET_ACCESS_KEY?: string | undefined;
  S3_FORCE_PATH_STYLE?: boolean | undefined;
}

/** @throws PermanentError `bad-configuration` naming the variable that is missing. */
export function s3Settings(config: S3Variables): S3Settings {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
  if (bucket === undefined) {
    throw new PermanentError('bad-configuration', 'STORAGE=s3 needs S3_BUCKET, which is not set.');
  }
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const missing = accessKeyId === undefined ? 'S3_ACCESS_KEY_ID' : 'S3_SECRET_ACCESS_KEY';
    throw new PermanentError('bad-configuration', `${missing} is not set, its other half is: set both or neither.`);
  }
  return {
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket,
    prefix: config.S3_PREFIX,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
    // Few servers but Amazon's have a host name for each bucket.
    forcePathStyle: config.S3_FORCE_PATH_STYLE ?? config.S3_ENDPOINT !== undefined,
  };
}
