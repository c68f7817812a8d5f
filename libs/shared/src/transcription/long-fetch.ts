import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';

/** A transcript of six hours with a time for each word is under 10 MB; an engine that writes more has lost its mind. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Answers without a body. */
const EMPTY_STATUSES = new Set([101, 204, 205, 304]);

/**
 * `fetch` for answers that take long. Node's own gives up when the first byte of the answer takes more than 5 minutes, and
 * a chunk on a slow CPU takes longer. How long is the caller's choice, by `init.signal`. Each request has a connection of
 * its own: a kept one may be closed by the server at the moment it is used, and a POST is not repeated.
 */
export async function longFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { signal = null, ...rest } = init;
  const bytes = rest.body instanceof Uint8Array ? rest.body : undefined;
  // A Request would copy the bytes, and a chunk of audio has many.
  const request = new Request(input, bytes ? { ...rest, body: null } : rest);
  const body = bytes ?? (request.body && Buffer.from(await request.arrayBuffer()));
  const url = new URL(request.url);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const outgoing = send(url, {
    method: request.method,
    headers: { ...Object.fromEntries(request.headers), ...(body ? { 'content-length': body.length } : {}) },
    agent: false,
    ...(signal ? { signal } : {}),
  });
  outgoing.once('error', reject);
  outgoing.once('response', (incoming) => {
    try {
      resolve(toResponse(incoming));
    } catch (error) {
      outgoing.destroy();
      reject(error instanceof Error ? error : new Error('The answer is not HTTP.', { cause: error }));
    }
  });
  outgoing.end(body);
  return promise;
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = incoming.statusCode ?? 0;
  if (!EMPTY_STATUSES.has(status))
    return new Response(Readable.toWeb(Readable.from(bounded(incoming))) as ReadableStream, { status, headers });
  incoming.resume();
  return new Response(null, { status, headers });
}

async function* bounded(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes.`);
    yield chunk;
  }
}
