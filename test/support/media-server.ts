import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export type MediaRoute = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface MediaServer {
  /** `<name>:<port>`, to be allowed by DOWNLOAD_ALLOW_HOSTS. */
  host: string;
  url: (path: string) => string;
  /** Requests by path. */
  hits: Map<string, number>;
  close: () => Promise<void>;
}

/** Where the server listens, and what its clients call it. */
const LOOPBACK = { address: '127.0.0.1', name: '127.0.0.1' };

/** A web server with these routes; anything else is a 404. */
export async function startMediaServer(
  routes: Record<string, MediaRoute>,
  { address: listenTo, name } = LOOPBACK,
): Promise<MediaServer> {
  const hits = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    hits.set(path, (hits.get(path) ?? 0) + 1);
    const route = routes[path];
    if (!route) response.writeHead(404).end('Not found');
    else Promise.resolve(route(request, response)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, listenTo, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The media server got no port.');
  const host = `${name}:${address.port}`;
  return {
    host,
    url: (path) => `http://${host}${path}`,
    hits,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serves a file as a host of podcasts would. */
export function file(path: string, contentType = 'audio/mpeg'): MediaRoute {
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': contentType, 'content-length': (await stat(path)).size });
    createReadStream(path).pipe(response);
  };
}

export function body(text: string | Buffer, contentType: string): MediaRoute {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }).end(text);
  };
}
