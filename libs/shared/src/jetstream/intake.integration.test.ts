import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { publishJob, startReplica } from '../../../../test/support/job-harness.ts';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { until } from '../../../../test/support/until.ts';

let nats: NatsServer;

beforeAll(async () => {
  nats = await startNatsServer();
});

afterAll(async () => {
  await nats.stop();
});

test('no more jobs are taken than the intake accepts, and the rest as soon as it does', async () => {
  let most = 2;
  let room = (): void => {};
  let running = 0;
  const release = Promise.withResolvers<void>();
  const intake = {
    accepts: (taken: number) => taken < most,
    onRoom: (listener: () => void) => {
      room = listener;
    },
  };
  const handler = async (): Promise<void> => {
    running++;
    await release.promise;
  };
  const replica = await startReplica(nats.url, handler, { slots: 5, intake, idlePollMs: 60_000 });
  for (let job = 0; job < 5; job++) await publishJob(replica.connection, { job });
  await until(() => running === 2);
  expect(replica.server.running).toBe(2);
  most = 4;
  room();
  await until(() => running === 4);
  most = 5;
  release.resolve();
  room();
  await until(() => running === 5);
  await replica.stop();
});
