import { createServer } from 'node:net';

/**
 * Below the range the kernel takes outgoing ports from (32768 and up on Linux): a client that reconnects while the
 * server is down could otherwise be given the server's own port, connect to itself, and keep the server from restarting.
 */
const FIRST = 15_000;
const LAST = 32_000;

/** A TCP port of 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found between ${FIRST} and ${LAST} on 127.0.0.1 in 100 tries.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
