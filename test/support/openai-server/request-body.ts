import type { IncomingMessage } from 'node:http';

/**
 * The whole body. Beyond `maxBytes` the rest is read and thrown away, so that the client gets to read the refusal
 * instead of a broken pipe; the returned buffer is then longer than `maxBytes`.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let kept = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (kept > maxBytes) continue;
    chunks.push(chunk);
    kept += chunk.length;
  }
  return Buffer.concat(chunks);
}
