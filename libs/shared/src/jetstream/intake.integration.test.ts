import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jobSubject } from '#shared/contracts/subjects';
import { CancelledError } from '#shared/errors';
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

test('jobs beyond the slots are taken where the intake accepts them, and those that have not begun are given back at a stop', async () => {
  const queue = 'download';
  const stopped = new AbortController();
  const begin = Promise.withResolvers<void>();
  let [taken, begun] = [0, 0];
  const intake = { accepts: (running: number) => running < 2, onRoom: () => undefined, stop: () => stopped.abort() };
  const handler = async (): Promise<void> => {
    if (++taken === 2) throw await aborted(stopped.signal);
    begun++;
    await begin.promise;
  };
  const first = await startReplica(nats.url, handler, { queue, slots: 1, ahead: 1, intake, idlePollMs: 60_000 });
  for (let job = 0; job < 3; job++)
    await first.connection.jetstream().publish(jobSubject(queue, 'normal'), `{"job":${job}}`);
  await until(() => taken === 2);
  const stop = first.stop();
  const again: number[] = [];
  const second = await startReplica(
    nats.url,
    async (data, { delivery }) =>
      void again.push((JSON.parse(Buffer.from(data).toString()) as { job: number }).job, delivery),
    { queue },
  );
  await until(() => again.length === 4);
  // Job 1 in its second delivery, job 2 in its first.
  expect(new Set([again.slice(0, 2).join(), again.slice(2).join()])).toEqual(new Set(['1,2', '2,1']));
  begin.resolve();
  await stop;
  expect([taken, begun]).toEqual([2, 1]);
  await second.stop();
});

async function aborted(signal: AbortSignal): Promise<CancelledError> {
  await once(signal, 'abort');
  return new CancelledError();
}
