import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from 'nats';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { selfTestCas } from './cas-self-test.ts';

let server: NatsServer;
let connection: NatsConnection;

beforeAll(async () => {
  server = await startNatsServer();
  connection = await connect({ servers: server.url });
});

afterAll(async () => {
  await connection.close();
  await server.stop();
});

test('a server that keeps what it acknowledges loses no update, and nothing is left behind', async () => {
  const { acknowledged, lost, conflicts } = await selfTestCas(connection, { replicas: 1, durationMs: 1500 });
  expect(lost).toBe(0);
  expect(acknowledged).toBeGreaterThan(0);
  expect(conflicts).toBeGreaterThan(0);
  const manager = await connection.jetstreamManager();
  expect(await manager.streams.names().next()).toEqual([]);
});

test('a server that loses updates with replicas is refused before anything is tried', async () => {
  if (connection.info?.version !== '2.9.10') return;
  await expect(selfTestCas(connection, { replicas: 3 })).rejects.toThrow(/2\.9\.10 loses acknowledged updates/);
});
