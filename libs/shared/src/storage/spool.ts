import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CancelledError, RetryableError } from '#shared/errors';
import type { BlobSource } from './blob-store.ts';
import { PatientWait } from './patient-wait.ts';
import { throwIfAborted } from './storage-errors.ts';

/** All of a source, kept so that it can be sent more than once. */
export interface Spooled {
  size: number;
  /** SHA-256, hexadecimal. */
  digest: string;
  /** From the beginning, each time. */
  body(): Uint8Array | Readable;
  close(): Promise<void>;
}

export interface SpoolOptions {
  signal: AbortSignal | undefined;
  /** Kept in memory up to this, in a file beyond, in bytes. */
  memoryBytes: number;
  /** Longest time the source may take for its next bytes, in milliseconds. */
  pauseMs: number;
}

/**
 * Reads a source to its end: its size and digest must be known before the first byte is sent. What is large goes to a file
 * that has no name, so that nothing is left behind by a process that is killed.
 */
export async function spool(source: BlobSource, options: SpoolOptions): Promise<Spooled> {
  throwIfAborted(options.signal);
  if (source instanceof Uint8Array) return inMemory(source);
  const hash = createHash('sha256');
  let pieces: Buffer[] = [];
  let size = 0;
  let file: FileHandle | undefined;
  try {
    for await (const piece of patiently(source, options)) {
      hash.update(piece);
      // A source may use its buffer again for the next piece.
      pieces.push(Buffer.from(piece));
      size += piece.length;
      if (file === undefined && size <= options.memoryBytes) continue;
      file ??= await unnamedFile();
      for (const kept of pieces) await file.appendFile(kept);
      pieces = [];
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  if (file === undefined) return inMemory(Buffer.concat(pieces));
  return onDisk(file, size, hash.digest('hex'));
}

function inMemory(bytes: Uint8Array): Spooled {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { size: bytes.length, digest, body: () => bytes, close: async () => {} };
}

function onDisk(file: FileHandle, size: number, digest: string): Spooled {
  return {
    size,
    digest,
    body: () => file.createReadStream({ start: 0, autoClose: false }),
    close: () => file.close(),
  };
}

async function unnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `podline-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

/** The source's pieces; gives it up when the signal aborts or nothing comes for too long. */
async function* patiently(source: AsyncIterable<Uint8Array>, options: SpoolOptions): AsyncGenerator<Uint8Array> {
  const { signal, pauseMs } = options;
  const wait = new PatientWait();
  const abort = (): void => wait.fail(new CancelledError(undefined, { cause: signal?.reason }));
  signal?.addEventListener('abort', abort, { once: true });
  const stalled = () =>
    new RetryableError('source-stalled', `What was to be stored gave no bytes for ${pauseMs / 1000} s.`);
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await wait.of(iterator.next(), { ms: pauseMs, error: stalled });
      ended = next.done === true;
      if (next.done === true) return;
      yield next.value;
      wait.throwIfFailed();
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    // Not awaited: a generator that waits for its next bytes would only answer after them.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
