import { createServer } from 'node:net';

/** A TCP port on the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') reject(new Error('The system gave no port.'));
    else resolve(address.port);
  });
  const port = await promise;
  await new Promise((done) => server.close(done));
  return port;
}
