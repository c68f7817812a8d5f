import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Server } from 'node:net';

/** A real HTTP server on a loopback address; remembers what it was asked. */
export interface LocalServer {
  /** `host:port`, as DOWNLOAD_ALLOW_HOSTS takes it. */
  host: string;
  port: number;
  /** `http://host:port` */
  origin: string;
  requests: IncomingMessage[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function serve(listener: RequestListener, address = '127.0.0.1', port = 0): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.listen(port, address);
  await once(server, 'listening');
  const bound = portOf(server);
  return {
    host: `${address}:${bound}`,
    port: bound,
    origin: `http://${address}:${bound}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Bytes that look like an MP3 to everybody who only looks at the beginning. */
export function fakeAudio(bytes: number): Buffer {
  const audio = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i++) audio[i] = (i * 31 + (i >> 8)) & 0xff;
  audio.set([0xff, 0xfb, 0x90, 0x00]);
  return audio;
}

/** Answers with a file as good servers do, with ranges; `breakAfter` bytes the connection is cut. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  options: { etag?: string; lastModified?: string; breakAfter?: number } = {},
): void {
  const { etag, lastModified, breakAfter = Infinity } = options;
  const validator = etag ?? lastModified;
  if (etag !== undefined) response.setHeader('etag', etag);
  if (lastModified !== undefined) response.setHeader('last-modified', lastModified);
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const sameVersion = request.headers['if-range'] === undefined || request.headers['if-range'] === validator;
  const from = range !== null && sameVersion ? Number(range[1]) : 0;
  const body = file.subarray(from);
  const partial = range !== null && sameVersion;
  if (partial) response.setHeader('content-range', `bytes ${from}-${file.length - 1}/${file.length}`);
  response.writeHead(partial ? 206 : 200, { 'content-type': 'audio/mpeg', 'content-length': body.length });
  if (body.length <= breakAfter) response.end(body);
  else response.write(body.subarray(0, breakAfter), () => response.destroy());
}

/** The port a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}
