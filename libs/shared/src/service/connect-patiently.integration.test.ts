import { expect, test } from '@jest/globals';
import { natsConfigSchema } from '#shared/config/common';
import { connectNats } from '#shared/jetstream/connect';
import { startNatsServer } from '../../../../test/support/nats-server.ts';
import { connectPatiently } from './connect-patiently.ts';

test('a service waits for a server that is not there yet, says why once, and then goes on', async () => {
  const server = await startNatsServer();
  await server.kill('SIGKILL');
  const warnings: unknown[] = [];
  const firstWarning = Promise.withResolvers<void>();
  const config = natsConfigSchema.parse({ NATS_URL: server.url });
  const connecting = connectPatiently(() => connectNats(config, 'early'), {
    warn: (fields) => {
      warnings.push(fields);
      firstWarning.resolve();
    },
  });
  await firstWarning.promise;
  await server.restart();
  const connection = await connecting;
  expect(warnings).toEqual([{ err: expect.stringContaining('CONNECTION_REFUSED') }]);
  await connection.close();
  await server.stop();
});
