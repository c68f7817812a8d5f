import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, jest, test } from '@jest/globals';
import { cliConfigSchema } from '#shared/config/cli';
import { portOf } from '../../../test/support/local-server.ts';
import { openSession } from './open-session.ts';
import { UnreachableError } from './usage-error.ts';

afterEach(() => void jest.restoreAllMocks());

test('says what it waits for where NATS is slow to answer, and no password', async () => {
  const { promise: connected, resolve } = Promise.withResolvers<Socket>();
  const mute = createServer(resolve).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const { promise: told, resolve: tell } = Promise.withResolvers<string>();
  jest.spyOn(console, 'error').mockImplementation(tell);
  const address = `127.0.0.1:${portOf(mute)}`;
  const session = openSession(cliConfigSchema.parse({ NATS_URL: `nats://me:secret@${address}` }));
  session.catch(() => undefined);
  expect(await told).toBe(`Waiting for NATS at nats://${address} ...`);
  (await connected).destroy();
  mute.close();
  await expect(session).rejects.toBeInstanceOf(UnreachableError);
});
