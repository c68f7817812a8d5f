import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/**
 * Audio hardly shrinks; only silence does, and no encoder of it gets past a few hundred. What grows more than this was made
 * to fill a disk.
 */
const MAX_GROWTH = 200;
/** Growth is judged once there is so much of it, in bytes. */
const GROWTH_FREE = 16 * 1024 * 1024;

const DECODERS = new Map<string, () => Transform & { bytesWritten: number }>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

export interface Body {
  stream: Readable;
  /** Whether `bytes` decoded bytes are more than an honest file could have grown to. */
  isBomb(bytes: number): boolean;
}

/**
 * The bytes of the file. We ask for them as they are; a server that compresses them all the same is understood. Codings
 * nobody registered ("binary", "aws-chunked") are mislabelled plain bytes in practice.
 */
export function decodedBody(response: IncomingMessage): Body {
  const create = DECODERS.get(coding(response.headers));
  if (create === undefined) return { stream: response, isBomb: () => false };
  const decoder = create();
  // Whichever breaks, the decoder's reader gets the error.
  pipeline(response, decoder, () => undefined);
  return { stream: decoder, isBomb: (bytes) => bytes > GROWTH_FREE && bytes > MAX_GROWTH * decoder.bytesWritten };
}

/** Whether the file's bytes differ from those on the wire: then lengths and ranges do not apply to them. */
export function isEncoded(headers: IncomingHttpHeaders): boolean {
  return DECODERS.has(coding(headers));
}

function coding(headers: IncomingHttpHeaders): string {
  return (headers['content-encoding'] ?? '').trim().toLowerCase();
}
