import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asError } from '#shared/errors';
import { UsageError } from '../usage-error.ts';

export interface PinnedFile {
  url: string;
  /** Hexadecimal. */
  sha256: string;
  /** Exact size, where it is known. */
  bytes?: number | undefined;
}

/** Attempts in a row that bring nothing new before a download is given up. */
const ATTEMPTS = 5;
/** Longest time without a byte, in milliseconds. */
const STALL_MS = 30_000;

/**
 * Downloads a file, or goes on with one that broke off, and puts it in its place only when it hashes to what is pinned.
 * Safe when several hosts fetch the same file to one volume: each has a part of its own, and the last rename wins.
 * @param onProgress bytes that are there.
 * @returns false when the file was there already.
 * @throws UsageError naming the address and what is wrong with it.
 */
export async function fetchFile(path: string, file: PinnedFile, onProgress: (bytes: number) => void): Promise<boolean> {
  if ((await sha256Of(path)) === file.sha256) return false;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${hostname()}.part`;
  for (let attempt = 1, known = await sizeOf(part); ; attempt++) {
    try {
      await download(part, file, onProgress);
      break;
    } catch (error) {
      const size = await sizeOf(part);
      if (size > known) attempt = 0;
      known = size;
      if (error instanceof UsageError || attempt >= ATTEMPTS) throw failure(file, error);
    }
  }
  const found = await sha256Of(part);
  if (found !== file.sha256) {
    await rm(part, { force: true });
    throw new UsageError(`${file.url} has SHA-256 ${found}, but ${file.sha256} is pinned. It was deleted.`);
  }
  await rename(part, path);
  return true;
}

async function download(part: string, file: PinnedFile, onProgress: (bytes: number) => void): Promise<void> {
  const from = await sizeOf(part);
  if (file.bytes !== undefined && from === file.bytes) return;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no byte for ${STALL_MS / 1000} s`)), STALL_MS);
  try {
    const response = await fetch(file.url, {
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal: silence.signal,
    });
    // What is there is all there is; its hash will tell.
    if (response.status === 416) return;
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      throw new UsageError(`${file.url} answers ${response.status}.`);
    }
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    // A server that doesn't know ranges sends it all again.
    let there = response.status === 206 ? from : 0;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        timer.refresh();
        onProgress((there += chunk.length));
        done(null, chunk);
      },
    });
    await pipeline(response.body, count, createWriteStream(part, { flags: there > 0 ? 'a' : 'w' }), {
      signal: silence.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

function failure(file: PinnedFile, error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  const { message, cause } = asError(error);
  return new UsageError(`${file.url} can't be fetched: ${cause === undefined ? message : asError(cause).message}`);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function sha256Of(path: string): Promise<string | undefined> {
  if ((await sizeOf(path)) === 0) return undefined;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
