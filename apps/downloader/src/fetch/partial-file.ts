import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { writeAll } from './write-all.ts';

/** The file while it grows: what is on disk, its SHA-256 so far, and its first bytes. */
export class PartialFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  #hash: Hash = createHash('sha256');
  #bytes = 0;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Creates the file; replaces one that is there. */
  static async create(path: string): Promise<PartialFile> {
    return new PartialFile(await open(path, 'w'), path);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws RetryableError `disk-full`, which is nobody's fault. */
  async append(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    await writeAll(this.#handle, chunk, this.#bytes, this.#path);
    this.#bytes += chunk.length;
  }

  /** Forgets what was written. */
  async restart(): Promise<void> {
    if (this.#bytes === 0) return;
    await this.#handle.truncate(0);
    this.#hash = createHash('sha256');
    this.#bytes = 0;
  }

  /** SHA-256 of what was written, in hexadecimal digits. Nothing can be appended after it. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
