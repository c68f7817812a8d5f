import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, type KV, type NatsConnection } from 'nats';
import type { Log } from '#shared/observability/log';
import { type NatsServer, startNatsServer } from '../../../../test/support/nats-server.ts';
import { SlidingLog } from '../../../../test/support/openai-server/sliding-log.ts';
import { callWithPermit } from './call-with-permit.ts';
import type { LimiterObserver } from './limiter-observer.ts';
import { pauseLimits, resumeLimits, setLimits, showLimits } from './limits-admin.ts';
import { openLimitsBucket } from './limits-bucket.ts';
import type { LimitsInput } from './limits.ts';
import type { Permit } from './permit.ts';
import { RateLimiter, type RateLimiterOptions } from './rate-limiter.ts';
import { RetryableError } from '#shared/errors';
import { until } from '../../../../test/support/until.ts';

/** Windows short enough for a test. */
const LAYOUT = { windowMs: 250, guardMs: 60, slots: 10 };
/** Where times are measured, the guard must hold what a busy machine does to them. */
const SAFE_LAYOUT = { windowMs: 600, guardMs: 300, slots: 12 };
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

let server: NatsServer;
let connection: NatsConnection;
let bucketName: string;
let bucket: KV;
let serial = 0;
const open: RateLimiter[] = [];

beforeAll(async () => {
  server = await startNatsServer();
  connection = await connect({ servers: server.url, reconnectTimeWait: 50, maxReconnectAttempts: -1 });
});

afterAll(async () => {
  await connection.close();
  await server.stop();
});

beforeEach(() => {
  bucketName = `limits-${serial++}`;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((limiter) => limiter.close()));
});

async function openLimiter(limits: LimitsInput, options: Partial<RateLimiterOptions> = {}): Promise<RateLimiter> {
  const limiter = await RateLimiter.open({
    connection,
    endpoint: 'openai.test',
    replicas: 1,
    log: silent,
    bucket: bucketName,
    limits: { layout: LAYOUT, ...limits },
    callMs: 5000,
    ...options,
  });
  open.push(limiter);
  bucket = await openLimitsBucket(connection, bucketName);
  return limiter;
}

/** A permit that is settled at once; when it came. */
async function use(limiter: RateLimiter): Promise<number> {
  const permit = await limiter.acquire();
  void permit.settle();
  return performance.now();
}

describe('permits', () => {
  test('of two replicas together never exceed the limit in any window', async () => {
    const limits = { requestsPerMinute: 8, layout: SAFE_LAYOUT };
    const limiters = [await openLimiter(limits), await openLimiter(limits)];
    const log = new SlidingLog();
    await Promise.all(
      limiters.flatMap((limiter) => Array.from({ length: 7 }, async () => log.add(await use(limiter), 1))),
    );
    expect(log.mostInAnyWindow(SAFE_LAYOUT.windowMs)).toBeLessThanOrEqual(8);
    expect(log.mostInAnyWindow(60_000)).toBe(14);
  });

  test('of one limit at once go round until all were served', async () => {
    const limiters = [await openLimiter({ maxConcurrent: 2 }), await openLimiter({ maxConcurrent: 2 })];
    let running = 0;
    let most = 0;
    const call = async (limiter: RateLimiter): Promise<void> => {
      const permit = await limiter.acquire();
      most = Math.max(most, ++running);
      await delay(10);
      running--;
      await permit.settle();
    };
    await Promise.all(limiters.flatMap((limiter) => Array.from({ length: 6 }, () => call(limiter))));
    expect(most).toBe(2);
  });

  test('that are given back go to whoever waits, not always to who gave them back', async () => {
    const limiters = [await openLimiter({ maxConcurrent: 1 }), await openLimiter({ maxConcurrent: 1 })];
    const order: number[] = [];
    const call = async (limiter: RateLimiter, index: number): Promise<void> => {
      const permit = await limiter.acquire();
      order.push(index);
      await permit.settle();
    };
    await Promise.all(limiters.flatMap((limiter, index) => Array.from({ length: 12 }, () => call(limiter, index))));
    expect(new Set(order.slice(0, 12))).toEqual(new Set([0, 1]));
  });

  test('tell why they have to be waited for', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 10, maxConcurrent: 1 });
    const reasons: string[] = [];
    const first = await limiter.acquire({}, { onWait: ({ reason }) => reasons.push(reason) });
    const second = limiter.acquire({}, { onWait: ({ reason }) => reasons.push(reason), maxWaitMs: 100 });
    await expect(second).rejects.toMatchObject({ reason: 'rate-limit-wait', retryable: true, blameless: true });
    expect(reasons).toEqual(['closed', 'concurrency']);
    await first.settle();
  });

  test('that can never be granted are refused at once', async () => {
    const limiter = await openLimiter({ tokensPerMinute: 1000 });
    await expect(limiter.acquire({ tokens: 1001 })).rejects.toMatchObject({
      reason: 'over-rate-limit',
      retryable: false,
    });
  });

  test('are not waited for by a caller that gave up', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 10, maxConcurrent: 1 });
    const caller = new AbortController();
    const first = await limiter.acquire();
    const second = limiter.acquire({}, { signal: caller.signal });
    caller.abort();
    await expect(second).rejects.toMatchObject({ reason: 'cancelled' });
    await first.settle();
    await use(limiter);
  });

  test('lapse after their slot, and abort their call after their lease', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 10 }, { callMs: 50 });
    const permit = await limiter.acquire();
    expect(() => permit.assertUsable()).not.toThrow();
    await new Promise((resolve) => permit.signal.addEventListener('abort', resolve));
    expect(permit.signal.reason).toMatchObject({ reason: 'call-too-long' });
    expect(() => permit.assertUsable()).toThrow(/The permit lapsed: its slot ended \d+ ms ago/);
    await permit.settle();
  });

  test('that were not started are given back by a replica that closes', async () => {
    const leaving = await openLimiter({ requestsPerMinute: 2, maxConcurrent: 3 });
    await use(leaving);
    // Where a slot has just begun, the first of them may start at once; the second has to wait in any case.
    const [, second] = [leaving.acquire(), leaving.acquire()].map((permit) =>
      permit.then(
        (started) => started.settle(),
        (error: unknown) => error,
      ),
    );
    while (leaving.status().unstarted === 0) await delay(5);
    await leaving.close();
    expect(await second).toMatchObject({ reason: 'cancelled' });
    const [report] = await showLimits(bucket);
    expect(report?.status?.use.maxConcurrent).toEqual({ used: 0, limit: 3 });
  });
});

describe('what the provider says', () => {
  test('pauses the whole cluster when it is 429', async () => {
    const [told, other] = [
      await openLimiter({ requestsPerMinute: 100 }),
      await openLimiter({ requestsPerMinute: 100 }),
    ];
    const permit = await told.acquire();
    const before = performance.now();
    permit.heard(429, new Headers({ 'retry-after-ms': '700' }));
    expect(permit.isUsable).toBe(false);
    while (other.status().endpoint?.condition !== 'throttled') await delay(2);
    expect(other.status().endpoint?.factor).toBe(0.9);
    await permit.settle();
    expect((await use(other)) - before).toBeGreaterThan(650);
  });

  test('stops the whole cluster when the quota is exhausted, until an operator resumes', async () => {
    const stopped: string[] = [];
    const observer: LimiterObserver = { stopped: (reason) => stopped.push(reason) };
    const told = await openLimiter({ requestsPerMinute: 100 }, { observer });
    const other = await openLimiter({ requestsPerMinute: 100 });
    const failing = callWithPermit(told, {}, {}, () =>
      Promise.reject(new RetryableError('quota-exhausted', 'no credit')),
    );
    await expect(failing).rejects.toThrow('no credit');
    expect(stopped).toEqual(['no credit']);
    await expect(other.acquire()).rejects.toMatchObject({ reason: 'quota-exhausted', blameless: true });
    expect((await showLimits(bucket))[0]?.status).toMatchObject({ condition: 'stopped', because: 'no credit' });
    await resumeLimits(bucket, 'openai.test');
    // The other replica learns of it a moment later.
    await until(() =>
      use(other).then(
        () => true,
        () => false,
      ),
    );
  });

  test('lowers the view where less is left than was thought', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 10 });
    const permit = await limiter.acquire();
    permit.heard(200, new Headers({ 'x-ratelimit-remaining-requests': '2' }));
    await permit.settle();
    expect(limiter.status().endpoint?.use.requestsPerMinute).toEqual({ used: 8, limit: 10 });
  });
});

describe('limits', () => {
  test('are written to the bucket, without anything secret', async () => {
    await openLimiter({ requestsPerMinute: 50 });
    const [report] = await showLimits(bucket);
    expect(report).toMatchObject({
      endpoint: 'openai.test',
      limits: { requestsPerMinute: 50, setBy: 'configuration' },
      limitsError: undefined,
    });
  });

  test('change for everyone while it runs', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 1, maxConcurrent: 1 });
    await setLimits(bucket, 'openai.test', { requestsPerMinute: 100, maxConcurrent: null });
    const permits = await Promise.all(Array.from({ length: 6 }, () => limiter.acquire()));
    await Promise.all(permits.map((permit: Permit) => permit.settle()));
    expect(limiter.status().endpoint?.limits).toMatchObject({ requestsPerMinute: 100, setBy: 'operator' });
    expect(limiter.status().endpoint?.limits.maxConcurrent).toBeUndefined();
  });

  test('of an operator outlive a restart with another configuration, those of a configuration do not', async () => {
    await (await openLimiter({ requestsPerMinute: 1 })).close();
    const limiter = await openLimiter({ requestsPerMinute: 2 });
    expect((await showLimits(bucket))[0]?.limits?.requestsPerMinute).toBe(2);
    await setLimits(bucket, 'openai.test', { requestsPerMinute: 3 });
    await limiter.close();
    await openLimiter({ requestsPerMinute: 4 });
    expect((await showLimits(bucket))[0]?.limits?.requestsPerMinute).toBe(3);
  });

  test('that nobody can read leave the last good ones in force, also for who starts later', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 70 });
    await bucket.put('openai.test.limits', '{ "requestsPerMinit": 5 }');
    while (limiter.status().limitsError === undefined) await delay(2);
    expect(limiter.status().limitsError).toContain('requestsPerMinit');
    const later = await openLimiter({ requestsPerMinute: 10 });
    expect(later.status().limitsError).toContain('requestsPerMinit');
    await use(later);
    expect(later.status().endpoint?.limits.requestsPerMinute).toBe(70);
  });

  test('can be edited by hand', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 70 });
    await bucket.put('openai.test.limits', JSON.stringify({ requestsPerMinute: 5, layout: LAYOUT }));
    while (limiter.status().endpoint?.limits.requestsPerMinute !== 5) await delay(2);
  });

  test('that make no sense are refused before they are stored', async () => {
    await openLimiter({ requestsPerMinute: 70 });
    await expect(setLimits(bucket, 'openai.test', { requestsPerMinute: 0 })).rejects.toMatchObject({
      reason: 'bad-limits',
    });
    await expect(setLimits(bucket, 'nobody.here', { requestsPerMinute: 1 })).rejects.toMatchObject({
      reason: 'unknown-endpoint',
    });
  });

  test('can be paused and resumed by hand', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 70 });
    await pauseLimits(bucket, 'openai.test', 'maintenance');
    while (limiter.status().endpoint?.condition !== 'paused') await delay(2);
    await expect(limiter.acquire()).rejects.toMatchObject({
      reason: 'limits-paused',
      message: expect.stringContaining('maintenance'),
    });
    await resumeLimits(bucket, 'openai.test');
    while (limiter.status().endpoint?.condition === 'paused') await delay(2);
    await use(limiter);
  });
});

test('an endpoint that an old register does not know is open at once', async () => {
  await openLimiter({ requestsPerMinute: 100 });
  await bucket.put('known', JSON.stringify({ v: 1, since: 1, endpoints: ['openai.test'] }));
  // With windows of a minute, a closed one would be one the test does not live to see open.
  const limiter = await openLimiter({ requestsPerMinute: 6000, layout: {} }, { endpoint: 'openai.other' });
  const reasons: string[] = [];
  const permit = await limiter.acquire({}, { onWait: ({ reason }) => reasons.push(reason) });
  expect(reasons).not.toContain('closed');
  await permit.settle();
});

describe('a state that is', () => {
  const key = 'openai.test.state';
  const future = JSON.stringify({ v: 99, generation: 'from elsewhere' });

  test.each([
    ['deleted', () => bucket.delete(key)],
    ['purged', () => bucket.purge(key)],
    ['garbage', () => bucket.put(key, '{{{')],
    ['of another version', () => bucket.put(key, future)],
    ['gone with the whole bucket', () => bucket.destroy()],
  ])('%s voids all permits, and nothing is granted for one window', async (_what, damage) => {
    const rebuilt: string[] = [];
    const limiter = await openLimiter(
      { requestsPerMinute: 100 },
      { observer: { rebuilt: (reason) => rebuilt.push(reason) } },
    );
    const permit = await limiter.acquire();
    const before = performance.now();
    await damage();
    while (rebuilt.length === 1) await delay(2);
    expect(permit.isUsable).toBe(false);
    expect((await use(limiter)) - before).toBeGreaterThan(LAYOUT.windowMs);
    await permit.settle();
  });
});

test('nothing is granted while NATS is away, and a fresh permit is after it came back', async () => {
  const limiter = await openLimiter({ requestsPerMinute: 100 });
  const permit = await limiter.acquire();
  await server.kill('SIGKILL');
  while (limiter.status().trouble === undefined) await delay(5);
  expect(permit.isUsable).toBe(false);
  await expect(limiter.acquire({}, { maxWaitMs: 100 })).rejects.toThrow(/held up by: unavailable/);
  await server.restart();
  await use(limiter);
});
