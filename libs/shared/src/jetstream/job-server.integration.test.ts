import { describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from 'nats';
import { EPISODES_BUCKET, jobConsumer } from '#shared/contracts/subjects';
import { PermanentError, RetryableError } from '#shared/errors';
import { EpisodeStore } from '#shared/storage/episode-store';
import { deadLetters, publishJob, QUEUE, queued, startReplica, STREAM } from '../../../../test/support/job-harness.ts';
import { JobStage } from '../../../../test/support/job-stage.ts';
import { until } from '../../../../test/support/until.ts';

jest.setTimeout(30_000);

const stage = new JobStage();

const text = (data: Uint8Array): string => Buffer.from(data).toString('utf8');

describe('a job', () => {
  test('leaves its queue when its handler returns', async () => {
    const seen: string[] = [];
    await stage.start(async (data) => void seen.push(text(data)));
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(async () => seen.length === 1 && (await queued(stage.connection)) === 0);
    expect(seen).toEqual(['{"episodeId":"a"}']);
  });

  test('is tried again after a retryable error, and counts its deliveries', async () => {
    const deliveries: number[] = [];
    await stage.start(async (_, { delivery }) => {
      deliveries.push(delivery);
      if (delivery < 3) throw new RetryableError('engine', 'died');
    });
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(async () => deliveries.length === 3 && (await queued(stage.connection)) === 0);
    expect(deliveries).toEqual([1, 2, 3]);
  });

  test('rests as long as its error asks before it is tried again', async () => {
    const times: number[] = [];
    await stage.start(async (_, { delivery }) => {
      times.push(performance.now());
      if (delivery === 1) throw new RetryableError('throttled', 'wait', { delayMs: 400 });
    });
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => times.length === 2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(390);
  });

  test('goes to the dead letters after a permanent error, with everything that was known of it', async () => {
    const replica = await stage.start(async () => {
      throw new PermanentError('not-audio', 'The file is HTML.');
    });
    await publishJob(stage.connection, { episodeId: 'a', lane: 'high' }, 'high');
    await until(async () => replica.dead.length === 1 && (await queued(stage.connection)) === 0);
    const [letter] = await deadLetters(stage.connection);
    expect(letter).toMatchObject({
      queue: QUEUE,
      jobKey: 'a',
      episodeId: 'a',
      reason: 'not-audio',
      message: 'The file is HTML.',
      deliveries: 1,
      original: {
        subject: 'podline.summarize.high',
        data: Buffer.from('{"episodeId":"a","lane":"high"}').toString('base64'),
      },
    });
  });

  test('goes to the dead letters when it is out of deliveries, with its first and last error', async () => {
    const replica = await stage.start(async (_, { delivery }) => {
      throw new RetryableError('engine', `failure ${delivery}`);
    });
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => replica.dead.length === 1);
    expect(replica.dead[0]?.letter).toMatchObject({ deliveries: 3, message: 'failure 3', firstMessage: 'failure 1' });
  });

  test('that kills whoever takes it goes to the dead letters without being tried once more', async () => {
    const seen: number[] = [];
    // To JetStream, a replica that closes its connection in the middle of a job is one that died.
    const killed = async (delivery: number, connection: () => NatsConnection | undefined): Promise<never> => {
      seen.push(delivery);
      await connection()?.close();
      return new Promise(() => undefined);
    };
    for (let life = 1; life <= 6; life++) {
      const lived: { connection?: NatsConnection } = {};
      const replica = await startReplica(
        stage.nats.url,
        async (_, { delivery }) => killed(delivery, () => lived.connection),
        { maxCrashes: 2, ackWaitMs: 100, graceMs: 0 },
      );
      lived.connection = replica.connection;
      if (life === 1) await publishJob(stage.connection, { episodeId: 'a' });
      await until(() => seen.length === life || replica.dead.length === 1);
      await replica.server.close();
      if (replica.dead.length === 1) {
        expect(replica.dead[0]?.letter).toMatchObject({
          reason: 'crashes-its-replica',
          message: expect.stringContaining('2 of 5 attempts'),
        });
        await replica.connection.close();
      }
    }
    // Attempts are counted from the fourth on: two began and never ended, the sixth is not made.
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test('that was given back often without a fault of its own may fail as often as any other', async () => {
    const deliveries: number[] = [];
    const replica = await stage.start(async (_data, { delivery }) => {
      deliveries.push(delivery);
      if (delivery <= 6) throw new RetryableError('storage-full', 'no room', { blameless: true });
      if (delivery <= 8) throw new RetryableError('engine', 'died');
    });
    await publishJob(stage.connection, { episodeId: 'unlucky' });
    await until(async () => deliveries.length === 9 && (await queued(stage.connection)) === 0);
    expect(replica.dead).toEqual([]);
  });

  test('that is nobody’s fault is given back again and again, and never taken for one that kills its replica', async () => {
    const seen: number[] = [];
    const replica = await stage.start(
      async (_, { delivery }) => {
        seen.push(delivery);
        if (delivery < 12) throw new RetryableError('storage-full', 'no room', { blameless: true });
      },
      { maxCrashes: 2 },
    );
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(async () => seen.length === 12 && (await queued(stage.connection)) === 0);
    expect(replica.dead).toEqual([]);
  });

  test('that is not JSON dies under an id made of its bytes, and the next one goes through', async () => {
    const seen: string[] = [];
    const replica = await stage.start(async (data) => {
      if (!text(data).startsWith('{')) throw new PermanentError('malformed-json', 'not JSON');
      seen.push(text(data));
    });
    await publishJob(stage.connection, '<xml/>');
    await publishJob(stage.connection, { episodeId: 'b' });
    await until(() => seen.length === 1 && replica.dead.length === 1);
    expect(replica.dead[0]?.identity.episodeId).toMatch(/^invalid-[0-9a-f]{12}$/);
  });

  test('too large for a letter dies all the same: the letter keeps its beginning, and says so', async () => {
    await stage.start(async () => {
      throw new PermanentError('invalid-message', `What is this? ${'x'.repeat(900_000)}`);
    });
    await publishJob(stage.connection, 'y'.repeat(1_000_000));
    await until(async () => (await queued(stage.connection)) === 0);
    const [letter] = await deadLetters(stage.connection);
    expect(letter?.original.truncated).toBe(true);
    expect(Buffer.from(letter?.original.data ?? '', 'base64').toString()).toMatch(/^y{1000,}$/);
    expect(letter?.message.length).toBeLessThan(3000);
  });

  test('stays with its replica as long as its handler works, however short ack_wait is', async () => {
    const deliveries: number[] = [];
    const release = Promise.withResolvers<void>();
    await stage.start(
      async (_, { delivery }) => {
        deliveries.push(delivery);
        await release.promise;
      },
      { ackWaitMs: 300, slots: 2 },
    );
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => deliveries.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    release.resolve();
    await until(async () => (await queued(stage.connection)) === 0);
    expect(deliveries).toEqual([1]);
  });

  test('is stopped at its ceiling and tried again', async () => {
    const aborted: string[] = [];
    await stage.start(
      async (_, { delivery, signal }) => {
        if (delivery > 1) return;
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      {
        ceilingMs: 200,
        observer: {
          started: () => undefined,
          settled: (_queue, result, reason) => void aborted.push(`${result} ${reason ?? ''}`),
        },
      },
    );
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => aborted.length === 2);
    expect(aborted).toEqual(['nak job-timeout', 'ack ']);
  });
});

describe('a replica', () => {
  test('works on no more jobs at once than it has slots', async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    await stage.start(
      async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now--;
        done++;
      },
      { slots: 3 },
    );
    for (let index = 0; index < 12; index++) await publishJob(stage.connection, { episodeId: `e${index}` });
    await until(() => done === 12);
    expect(most).toBe(3);
  });

  test('takes the most urgent lane first', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    await stage.start(async (data, { lane }) => {
      order.push(`${lane} ${(JSON.parse(text(data)) as { episodeId: string }).episodeId}`);
      if (order.length === 1) await gate.promise;
    });
    await publishJob(stage.connection, { episodeId: 'first' });
    await until(() => order.length === 1);
    await publishJob(stage.connection, { episodeId: 'b' }, 'bulk');
    await publishJob(stage.connection, { episodeId: 'n' }, 'normal');
    await publishJob(stage.connection, { episodeId: 'h' }, 'high');
    gate.resolve();
    await until(() => order.length === 4);
    expect(order).toEqual(['normal first', 'high h', 'normal n', 'bulk b']);
  });

  test('shares the work with others: a busy one hoards nothing', async () => {
    const counts = [0, 0];
    const work = (who: number) => async (): Promise<void> => {
      counts[who] = (counts[who] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await stage.start(work(0));
    await stage.start(work(1));
    for (let index = 0; index < 8; index++) await publishJob(stage.connection, { episodeId: `e${index}` });
    await until(async () => (await queued(stage.connection)) === 0);
    expect(counts).toEqual([4, 4]);
  });

  test('lets running jobs finish when it stops, and takes no more', async () => {
    const seen: string[] = [];
    const replica = await stage.start(async (data) => {
      seen.push(text(data));
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await publishJob(stage.connection, { episodeId: 'a' });
    await publishJob(stage.connection, { episodeId: 'b' });
    await until(() => seen.length === 1);
    await replica.server.close();
    expect(seen).toHaveLength(1);
    expect(await queued(stage.connection)).toBe(1);
  });

  test('gives a job back at once when its grace is over', async () => {
    const gate = Promise.withResolvers<void>();
    const first = await stage.start(async () => gate.promise, { graceMs: 100, ackWaitMs: 20_000 });
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => first.server.running === 1);
    const taken: number[] = [];
    await stage.start(async (_, { delivery }) => void taken.push(delivery), { ackWaitMs: 20_000 });
    await first.server.close();
    await until(() => taken.length === 1);
    expect(taken).toEqual([2]);
  });

  test('refuses a second handler, and one for another queue', async () => {
    const replica = await stage.start(async () => undefined);
    expect(() => replica.server.addHandler(QUEUE, (async () => undefined) as never, true)).toThrow(
      'exactly one handler',
    );
    expect(() => replica.server.addHandler('download', (async () => undefined) as never, true)).toThrow(
      'for "download"',
    );
  });
});

describe('when something is taken away', () => {
  test('a replica stops at once although the server is away', async () => {
    const replica = await stage.start(async () => undefined, { graceMs: 20_000 });
    await stage.nats.kill('SIGKILL');
    await until(() => !replica.server.ready);
    await replica.server.close();
    await stage.nats.restart();
    await until(() =>
      stage.connection.rtt().then(
        () => true,
        () => false,
      ),
    );
  });

  test('a deleted consumer is made anew, and work goes on', async () => {
    const seen: string[] = [];
    await stage.start(async (data) => void seen.push(text(data)));
    await (await stage.connection.jetstreamManager()).consumers.delete(STREAM, jobConsumer(QUEUE, 'normal'));
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => seen.length === 1);
  });

  test('a deleted stream is made anew, and work goes on', async () => {
    const seen: string[] = [];
    await stage.start(async (data) => void seen.push(text(data)));
    const jsm = await stage.connection.jetstreamManager();
    await jsm.streams.delete(STREAM);
    await until(async () =>
      jsm.streams.info(STREAM).then(
        () => true,
        () => false,
      ),
    );
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(() => seen.length === 1);
  });

  test('a deleted bucket is made anew, and work goes on', async () => {
    const store = new EpisodeStore(stage.connection);
    const replica = await stage.start(async () => void (await store.get('a')));
    await (await stage.connection.jetstreamManager()).streams.delete(`KV_${EPISODES_BUCKET}`);
    await publishJob(stage.connection, { episodeId: 'a' });
    await until(async () => (await queued(stage.connection)) === 0);
    expect(replica.dead).toEqual([]);
  });

  test('a changed cap takes effect on the consumer that exists', async () => {
    await stage.start(async () => undefined, { maxAckPending: 7 });
    await stage.start(async () => undefined, { maxAckPending: 9 });
    const info = await (await stage.connection.jetstreamManager()).consumers.info(STREAM, jobConsumer(QUEUE, 'bulk'));
    expect(info.config.max_ack_pending).toBe(9);
  });

  test('a queue that goes in the middle of a start is made anew, and does not end the service', async () => {
    const first = await startReplica(stage.nats.url, async () => undefined);
    await first.stop();
    const jsm = await stage.connection.jetstreamManager();
    const seen: string[] = [];
    await stage.start(
      async (data) => void seen.push(text(data)),
      {},
      () => jsm.streams.delete(STREAM),
    );
    await until(() =>
      publishJob(stage.connection, { episodeId: 'late' }).then(
        () => true,
        () => false,
      ),
    );
    await until(() => seen.length === 1);
  });

  test('a killed and restarted server costs nothing but time', async () => {
    const seen = new Set<string>();
    const replica = await stage.start(async (data) => void seen.add(text(data)));
    await publishJob(stage.connection, { episodeId: 'before' });
    await until(() => seen.size === 1);
    await stage.nats.kill('SIGKILL');
    await until(() => !replica.server.ready);
    await stage.nats.restart();
    await until(() => replica.server.ready);
    await until(() =>
      publishJob(stage.connection, { episodeId: 'after' }).then(
        () => true,
        () => false,
      ),
    );
    await until(() => seen.size === 2);
  });
});
