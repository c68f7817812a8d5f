import type {
  BlobInfo,
  BlobSource,
  BlobStore,
  OpenBlob,
  ReadOptions,
  StoreUsage,
  WriteOptions,
} from '#shared/storage/blob-store';
import { inSpan } from './spans.ts';

/** A blob store whose reads and writes of whole blobs are spans; looking for a blob, listing and deleting are none. */
export class TracedBlobs implements BlobStore {
  readonly #store: BlobStore;
  readonly #bucket: string;

  constructor(store: BlobStore, bucket: string) {
    this.#store = store;
    this.#bucket = bucket;
  }

  put(key: string, source: BlobSource, options?: WriteOptions): Promise<BlobInfo> {
    return inSpan('storage put', this.#about(key), async (span) => {
      const info = await this.#store.put(key, source, options);
      span.setAttribute('podline.storage.bytes', info.size);
      return info;
    });
  }

  create(key: string, source: BlobSource, options?: WriteOptions): Promise<{ created: boolean; info: BlobInfo }> {
    return inSpan('storage create', this.#about(key), async (span) => {
      const result = await this.#store.create(key, source, options);
      span.setAttributes({ 'podline.storage.bytes': result.info.size, 'podline.storage.created': result.created });
      return result;
    });
  }

  read(key: string, options: ReadOptions & { maxBytes: number }): Promise<Uint8Array | undefined> {
    return inSpan('storage read', this.#about(key), async (span) => {
      const bytes = await this.#store.read(key, options);
      span.setAttribute('podline.storage.bytes', bytes?.byteLength ?? 0);
      return bytes;
    });
  }

  head(key: string): Promise<BlobInfo | undefined> {
    return this.#store.head(key);
  }

  open(key: string, options?: ReadOptions): Promise<OpenBlob | undefined> {
    return this.#store.open(key, options);
  }

  delete(key: string): Promise<boolean> {
    return this.#store.delete(key);
  }

  list(prefix: string): AsyncIterable<BlobInfo> {
    return this.#store.list(prefix);
  }

  usage(): Promise<StoreUsage | undefined> {
    return this.#store.usage();
  }

  removeOrphans(olderThanMs: number): Promise<number> {
    return this.#store.removeOrphans(olderThanMs);
  }

  #about(key: string): Record<string, string> {
    return { 'podline.storage.bucket': this.#bucket, 'podline.storage.key': key };
  }
}
