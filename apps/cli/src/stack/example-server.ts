import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

export interface ExampleServer {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  close: () => Promise<void>;
}

/** The host the sample feed's URLs name; replaced by this server's when it is served. */
const PLACEHOLDER = /https:\/\/podline\.example/g;

/** Serves the sample episode and its feed over HTTP, so that the local stack downloads it as it would any other. */
export async function serveExamples(folder: string): Promise<ExampleServer> {
  const server = createServer((request, response) => {
    answer(folder, request.url ?? '/', request.headers.host ?? '', response).catch(() => {
      response.writeHead(404).end('Not found\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The example server got no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(folder: string, url: string, host: string, response: ServerResponse): Promise<void> {
  if (url === '/feed.xml') {
    const xml = await readFile(join(folder, 'feed.xml'), 'utf8');
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(xml.replace(PLACEHOLDER, `http://${host}`));
    return;
  }
  if (url !== '/sample-episode.mp3') throw new Error(`no such file: ${url}`);
  const path = join(folder, 'sample-episode.mp3');
  response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': (await stat(path)).size });
  createReadStream(path).pipe(response);
}
