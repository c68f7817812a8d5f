import { describe, expect, jest, test } from '@jest/globals';
import { AckPolicy, RetentionPolicy } from 'nats';
import type { Lane } from '#shared/contracts/names';
import { jobConsumer, jobSubject } from '#shared/contracts/subjects';
import type { Turn } from '#shared/contracts/turn';
import { PATIENCE } from './turn-order.ts';
import { QUEUE, queued, STREAM, type TestHandler } from '../../../../test/support/job-harness.ts';
import { JobStage } from '../../../../test/support/job-stage.ts';
import { until } from '../../../../test/support/until.ts';

jest.setTimeout(30_000);

const stage = new JobStage();

const publish = async (episodeId: string, turn: Turn = 0, lane: Lane = 'normal'): Promise<void> => {
  await stage.connection.jetstream().publish(jobSubject(QUEUE, lane, turn), JSON.stringify({ episodeId }));
};

const noted = (data: Uint8Array): string =>
  (JSON.parse(Buffer.from(data).toString('utf8')) as { episodeId: string }).episodeId;

/** A replica that holds its first job until the gate opens, and notes the order of all. */
async function heldReplica(): Promise<{ order: string[]; open: () => void }> {
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  await stage.start(async (data) => {
    order.push(noted(data));
    if (order.length === 1) await gate.promise;
  });
  await publish('first');
  await until(() => order.length === 1);
  return { order, open: () => gate.resolve() };
}

describe('the order of work', () => {
  test('goes by turns inside a lane, by lanes before that, and by age inside a turn', async () => {
    const { order, open } = await heldReplica();
    await publish('long', 4);
    await publish('usual', 1);
    await publish('short', 0);
    await publish('another short', 0);
    await publish('urgent but long', 4, 'high');
    await publish('some day', 0, 'bulk');
    open();
    await until(() => order.length === 7);
    expect(order).toEqual(['first', 'urgent but long', 'short', 'another short', 'usual', 'long', 'some day']);
  });

  test('lets no job wait for ever: two replicas with always something shorter to do take the longest too', async () => {
    const taken: string[] = [];
    const gate = Promise.withResolvers<void>();
    const work: TestHandler = async (data) => {
      taken.push(noted(data));
      await gate.promise;
    };
    await stage.start(work);
    await stage.start(work);
    await publish('held');
    await publish('held');
    await until(() => taken.length === 2);
    await publish('long', 3);
    const enough = 2 * (PATIENCE[3] + 5);
    for (let index = 0; index < 2 * enough; index++) await publish('short');
    gate.resolve();
    await until(() => taken.includes('long'));
    expect(taken.indexOf('long')).toBeLessThanOrEqual(2 + enough);
    expect(taken.indexOf('long')).toBeGreaterThan(2);
  });

  test('brings a job of the last turn to an idle replica at once, long before it looks by the clock', async () => {
    const taken: string[] = [];
    await stage.start(async (data) => void taken.push(noted(data)), { idlePollMs: 20_000 });
    await publish('one', 4, 'bulk');
    await until(() => taken.length === 1);
    await publish('two', 2);
    await until(() => taken.length === 2);
  });

  test('costs a busy replica few questions: what has answered that it is empty is not asked again', async () => {
    const jobs = 60;
    let done = 0;
    let asked = 0;
    stage.connection.subscribe(`$JS.API.CONSUMER.MSG.NEXT.${STREAM}.>`, { callback: () => void asked++ });
    await stage.connection.flush();
    const { open } = await heldReplica();
    for (let index = 0; index < jobs; index++) await publish(`job ${index}`, 2);
    await stage.start(async () => void done++, { idlePollMs: 1000 });
    await until(() => done === jobs);
    open();
    // Fifteen places, asked again only by the clock; to ask all before each job would be eight questions a job.
    expect(asked).toBeLessThan(3 * jobs);
  });

  test('takes in the jobs of the release before it, which knew no turns', async () => {
    const jsm = await stage.connection.jetstreamManager();
    const lanes = ['high', 'normal', 'bulk'] as const;
    const subjects = lanes.map((lane) => `podline.summarize.${lane}`);
    await jsm.streams.add({ name: STREAM, subjects, retention: RetentionPolicy.Workqueue });
    for (const lane of lanes) {
      const durable = { durable_name: `summarize-${lane}`, ack_policy: AckPolicy.Explicit };
      await jsm.consumers.add(STREAM, { ...durable, filter_subject: `podline.summarize.${lane}`, ack_wait: 3e9 });
    }
    for (const subject of subjects) await stage.connection.jetstream().publish(subject, '{"episodeId":"old"}');
    const half = await stage.connection.jetstream().pull(STREAM, 'summarize-bulk', 2000);
    const taken: string[] = [];
    await stage.start(async (_, { lane }) => void taken.push(lane));
    await until(() => taken.length === 2);
    half.nak();
    await until(async () => taken.length === 3 && (await queued(stage.connection)) === 0);
    expect((await jsm.streams.info(STREAM)).config.subjects).toHaveLength(15);
    expect((await jsm.consumers.info(STREAM, jobConsumer(QUEUE, 'bulk'))).num_pending).toBe(0);
  });
});
