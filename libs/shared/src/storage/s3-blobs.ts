import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { PermanentError } from '#shared/errors';
import { assertBlobKey } from './blob-key.ts';
import type { BlobInfo, BlobSource, BlobStore, OpenBlob, ReadOptions, WriteOptions } from './blob-store.ts';
import { persistently, signedPut } from './s3-client.ts';
import { isMissing, isPrecondition, s3Error, s3Unavailable } from './s3-errors.ts';
import { blobInfo, NO_TYPE, type S3Answer, type S3Metadata } from './s3-object.ts';
import { readBody } from './s3-read.ts';
import { spool, type Spooled } from './spool.ts';
import { throwIfAborted } from './storage-errors.ts';

export interface S3BlobsOptions {
  bucket: string;
  /** Every key begins with it; ends with "/". */
  prefix: string;
  /** Blobs older than this are deleted by `removeOrphans`; never where unset or 0. In milliseconds. */
  maxAgeMs?: number | undefined;
  /** Sources up to this are held in memory before they are sent, larger ones in a temporary file; in bytes. */
  memoryBytes?: number | undefined;
}

const MEMORY_BYTES = 8 * 1024 ** 2;
/** Longest time a source may take for its next bytes, in milliseconds. */
const PAUSE_MS = 10 * 60_000;
/** The most one PUT may have (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html), in bytes. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;
/** Times an object may be created and deleted by others while it is being created here. */
const MAX_ROUNDS = 5;
/** Requests at once while listing. */
const HEADS = 8;

/**
 * Blobs in a bucket of S3 or of a server that speaks its protocol. Each blob is one PUT, whole or not at all, and is created
 * once by the server's own condition (`If-None-Match: *`), which `prepareBucket` has tried out. Uploads in parts are not
 * used: some servers ignore the condition when they complete one.
 */
export class S3Blobs implements BlobStore {
  readonly #client: S3Client;
  readonly #options: S3BlobsOptions;

  constructor(client: S3Client, options: S3BlobsOptions) {
    this.#client = client;
    this.#options = options;
  }

  async put(key: string, source: BlobSource, options: WriteOptions = {}): Promise<BlobInfo> {
    assertBlobKey(key);
    return this.#withSpooled(key, source, options, async (spooled) => (await this.#send(key, spooled, options)).info);
  }

  async create(
    key: string,
    source: BlobSource,
    options: WriteOptions = {},
  ): Promise<{ created: boolean; info: BlobInfo }> {
    assertBlobKey(key);
    throwIfAborted(options.signal);
    const before = await this.head(key);
    if (before !== undefined) {
      if (source instanceof Readable) source.destroy();
      return { created: false, info: before };
    }
    return this.#withSpooled(key, source, options, (spooled) => this.#createSpooled(key, spooled, options));
  }

  async head(key: string): Promise<BlobInfo | undefined> {
    assertBlobKey(key);
    const answer = await this.#head(key);
    return answer && blobInfo(key, answer);
  }

  async open(key: string, { signal }: ReadOptions = {}): Promise<OpenBlob | undefined> {
    assertBlobKey(key);
    const answer = await this.#head(key);
    if (answer === undefined) return undefined;
    const info = blobInfo(key, answer);
    // The request is made by whoever reads: a blob that is opened and left holds no connection.
    return { info, bytes: readBody(this.#client, { ...this.#place(key), IfMatch: answer.ETag }, info, signal) };
  }

  async read(key: string, { maxBytes, signal }: ReadOptions & { maxBytes: number }): Promise<Uint8Array | undefined> {
    const blob = await this.open(key, { signal });
    if (blob === undefined) return undefined;
    const { size } = blob.info;
    if (size > maxBytes) {
      throw new PermanentError(
        'blob-too-large',
        `"${key}" in bucket "${this.#options.bucket}" has ${size} bytes; at most ${maxBytes} are read into memory.`,
      );
    }
    const whole = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    for await (const bytes of blob.bytes) {
      whole.set(bytes, filled);
      filled += bytes.length;
    }
    return whole;
  }

  async delete(key: string): Promise<boolean> {
    assertBlobKey(key);
    // S3 answers a deletion of nothing like one of something.
    if ((await this.#head(key)) === undefined) return false;
    await this.#call(`delete "${key}"`, () => this.#client.send(new DeleteObjectCommand(this.#place(key))));
    return true;
  }

  async *list(prefix: string): AsyncIterable<BlobInfo> {
    for await (const keys of this.#pages(prefix)) {
      // A listing says neither digest nor type.
      for (let at = 0; at < keys.length; at += HEADS) {
        const infos = await Promise.all(keys.slice(at, at + HEADS).map(({ key }) => this.head(key)));
        for (const info of infos) if (info !== undefined) yield info;
      }
    }
  }

  /** The server's quota, if there is one, is not to be had by S3's protocol. */
  usage(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** An upload that is cut off leaves nothing; what goes here is only what is older than `maxAgeMs`, and is not counted. */
  async removeOrphans(): Promise<number> {
    const { maxAgeMs = 0 } = this.#options;
    if (maxAgeMs <= 0) return 0;
    const oldest = Date.now() - maxAgeMs;
    for await (const keys of this.#pages('')) {
      for (const { key, modified } of keys) if (modified < oldest) await this.delete(key);
    }
    return 0;
  }

  async #createSpooled(key: string, spooled: Spooled, options: WriteOptions) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const writer = randomUUID();
      try {
        const { info } = await this.#send(key, spooled, options, { writer, once: true });
        return { created: true, info };
      } catch (error) {
        if (!isPrecondition(error)) throw error;
      }
      const answer = await this.#head(key);
      // The answer to an earlier attempt may have been lost: then it is this writer's own.
      if (answer) return { created: answer.Metadata?.['writer'] === writer, info: blobInfo(key, answer) };
    }
    throw s3Unavailable(`"${key}" was created and deleted by others ${MAX_ROUNDS} times while being stored.`);
  }

  /** @throws the client's own error where a condition does not hold, else one of podline's. */
  async #send(
    key: string,
    spooled: Spooled,
    { contentType, signal }: WriteOptions,
    { writer, once }: { writer: string; once: boolean } = { writer: randomUUID(), once: false },
  ): Promise<{ info: BlobInfo }> {
    const metadata: S3Metadata = { sha256: spooled.digest, written: new Date().toISOString(), writer };
    const described = { ContentType: contentType ?? NO_TYPE, Metadata: { ...metadata } };
    const input = {
      ...this.#place(key),
      ...described,
      ContentLength: spooled.size,
      ...(once ? { IfNoneMatch: '*' } : {}),
    };
    await this.#call(
      `store "${key}"`,
      () => this.#client.send(signedPut({ ...input, Body: spooled.body() }, spooled.digest), abortable(signal)),
      signal,
    );
    return { info: blobInfo(key, { ...described, ContentLength: spooled.size }) };
  }

  async #withSpooled<T>(
    key: string,
    source: BlobSource,
    { signal }: WriteOptions,
    work: (spooled: Spooled) => Promise<T>,
  ): Promise<T> {
    const { memoryBytes = MEMORY_BYTES } = this.#options;
    const spooled = await spool(source, { signal, memoryBytes, pauseMs: PAUSE_MS });
    try {
      if (spooled.size > MAX_PUT_BYTES) {
        throw new PermanentError(
          'blob-too-large',
          `"${key}" has ${spooled.size} bytes; S3 takes ${MAX_PUT_BYTES} in one piece.`,
        );
      }
      return await work(spooled);
    } finally {
      await spooled.close();
    }
  }

  async #head(key: string): Promise<(S3Answer & { ETag?: string | undefined }) | undefined> {
    try {
      return await this.#call(`look at "${key}"`, () => this.#client.send(new HeadObjectCommand(this.#place(key))));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async *#pages(prefix: string): AsyncGenerator<{ key: string; modified: number }[]> {
    const all = this.#options.prefix;
    let token: string | undefined;
    do {
      const request = { Bucket: this.#options.bucket, Prefix: all + prefix, ContinuationToken: token };
      const page = await this.#call('list the bucket', () => this.#client.send(new ListObjectsV2Command(request)));
      yield (page.Contents ?? []).flatMap(({ Key, LastModified }) =>
        Key === undefined ? [] : [{ key: Key.slice(all.length), modified: LastModified?.getTime() ?? Infinity }],
      );
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** @throws the client's own error where the object is missing or a condition does not hold: those are answers. */
  async #call<T>(what: string, send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await persistently(send, signal);
    } catch (error) {
      if (isMissing(error) || isPrecondition(error)) throw error;
      throw s3Error(error, `${what} in bucket "${this.#options.bucket}"`, signal);
    }
  }

  #place(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#options.bucket, Key: this.#options.prefix + key };
  }
}

const abortable = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
