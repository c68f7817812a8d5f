/** What is known of a stored blob without reading it. */
export interface BlobInfo {
  key: string;
  /** Bytes. */
  size: number;
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  digest: string;
  /** When it was written, by the writer's clock. */
  modified: Date;
  contentType: string | undefined;
}

/**
 * Bytes to be stored. A Uint8Array must stay unchanged until the call returns, and is sent again where the connection
 * broke; an iterable is read once, no faster than it can be stored, and closed when the call ends early.
 */
export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>;

export interface WriteOptions {
  /** Ends the call with a CancelledError; nothing becomes visible. */
  signal?: AbortSignal | undefined;
  contentType?: string | undefined;
}

export interface ReadOptions {
  /** Ends the reading with a CancelledError. */
  signal?: AbortSignal | undefined;
}

export interface OpenBlob {
  info: BlobInfo;
  /** Read it once. Its end is reached only if all bytes arrived and match the digest. */
  bytes: AsyncIterable<Uint8Array>;
}

export interface StoreUsage {
  /** Bytes that are stored, with what belongs to them. */
  used: number;
  limit: number;
}

/**
 * Whole files by key, in constant memory. A blob appears at once and whole, or not at all; reads after a write see it.
 *
 * Every method may throw RetryableError: `nats-unavailable` (or the like of another store), `storage-full` when the
 * store's limit is reached, `blob-corrupt` when the bytes do not match their digest, `blob-changed` when it was replaced
 * or deleted while being read. And PermanentError `invalid-key` for a key outside the rules of `assertBlobKey`.
 */
export interface BlobStore {
  /** Stores a blob; replaces the one there was. */
  put(key: string, source: BlobSource, options?: WriteOptions): Promise<BlobInfo>;
  /**
   * Stores a blob unless there is one: of several writers, also at the same time, exactly one creates it, and the others
   * get its info. Where there is one already, the source is closed unread. After trouble with the connection a writer may
   * be told of its own blob as of another's.
   */
  create(key: string, source: BlobSource, options?: WriteOptions): Promise<{ created: boolean; info: BlobInfo }>;
  head(key: string): Promise<BlobInfo | undefined>;
  open(key: string, options?: ReadOptions): Promise<OpenBlob | undefined>;
  /** The whole blob in memory. @throws PermanentError `blob-too-large` when it is larger than `maxBytes`. */
  read(key: string, options: ReadOptions & { maxBytes: number }): Promise<Uint8Array | undefined>;
  /** @returns whether there was one. */
  delete(key: string): Promise<boolean>;
  /** The blobs whose keys begin with `prefix` (all for ''), in no particular order. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  /** How full the store is, in bytes; undefined where nobody has bounded it. */
  usage(): Promise<StoreUsage | undefined>;
  /**
   * Frees what writers that were killed left behind, when it is older than `olderThanMs`; writers may be at work.
   * @returns how many unfinished blobs were removed.
   */
  removeOrphans(olderThanMs: number): Promise<number>;
}
