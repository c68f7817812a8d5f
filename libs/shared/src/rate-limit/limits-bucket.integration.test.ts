import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MIB } from '#shared/config/defaults';
import { type StartedStores, startStores } from '../../../../test/support/start-stores.ts';
import { createLimitsBucket, ensureLimitsBucket } from './limits-bucket.ts';

let started: StartedStores;

beforeAll(async () => {
  started = await startStores();
});

afterAll(async () => {
  await started?.stop();
});

test('a client makes the bucket where it is missing, and leaves it as the services have it where it is not', async () => {
  const { connection } = started;
  const { streams } = await connection.jetstreamManager();
  const size = async (): Promise<number> => (await streams.info('KV_limits')).config.max_bytes;
  await createLimitsBucket(connection, 1, 'limits');
  expect(await size()).toBe(16 * MIB);
  await streams.update('KV_limits', { max_bytes: 32 * MIB });
  await createLimitsBucket(connection, 1, 'limits');
  expect(await size()).toBe(32 * MIB);
  await ensureLimitsBucket(connection, 1, 'limits');
  expect(await size()).toBe(16 * MIB);
});
