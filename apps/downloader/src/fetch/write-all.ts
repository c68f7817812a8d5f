import type { FileHandle } from 'node:fs/promises';
import { RetryableError } from '#shared/errors';
import { errorCode } from '#shared/http/error-code';

const FULL_DISK = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Writes all bytes at a position of the file.
 * @throws RetryableError `disk-full`, which is nobody's fault.
 */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
  try {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
      written += bytesWritten;
    }
  } catch (error) {
    throw FULL_DISK.has(errorCode(error) ?? '') ? diskFull(path, error) : error;
  }
}

/** The error for a disk without room, whoever wrote to it. */
function diskFull(path: string, cause?: unknown): RetryableError {
  const message = `No room on the disk for ${path}. Free some, or point WORK_DIR to a larger disk.`;
  return new RetryableError('disk-full', message, { cause, blameless: true });
}
