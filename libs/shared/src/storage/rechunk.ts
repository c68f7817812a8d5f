import type { BlobSource } from './blob-store.ts';

/** The same bytes in pieces of exactly `bytes`, the last one shorter; no piece for no bytes. */
export async function* rechunk(source: BlobSource, bytes: number): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += bytes) yield source.subarray(at, at + bytes);
    return;
  }
  // New memory each time: the piece before is still on its way to the server.
  let piece = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  for await (const part of source) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + bytes - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled === bytes) {
        yield piece;
        piece = Buffer.allocUnsafeSlow(bytes);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
