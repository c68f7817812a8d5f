import { expect, test } from '@jest/globals';
import { LocalLimit } from './local-limit.ts';

const never = new AbortController().signal;

test('lets so many calls run at once', async () => {
  const limit = new LocalLimit({ maxConcurrent: 2 });
  const permits = await Promise.all([limit.acquire({}, { signal: never }), limit.acquire({}, { signal: never })]);
  let third = false;
  const waiting = limit.acquire({}, { signal: never }).then(() => (third = true));
  await new Promise(setImmediate);
  expect(third).toBe(false);
  await permits[0].release();
  await waiting;
});

test('starts calls evenly over the minute', async () => {
  let now = 1000;
  const slept: number[] = [];
  const clock = { now: () => now, sleep: async (ms: number) => void slept.push(ms) };
  const limit = new LocalLimit({ maxConcurrent: 10, requestsPerMinute: 50, clock });
  for (let i = 0; i < 3; i++) await limit.acquire({}, { signal: never });
  expect(slept).toEqual([1200, 2400]);
  now += 60_000;
  await limit.acquire({}, { signal: never });
  expect(slept).toHaveLength(2);
});

test('gives the place of a call that was aborted in its sleep to the next', async () => {
  let isAwake = false;
  const sleep = (): Promise<void> => (isAwake ? Promise.resolve() : Promise.reject(new Error('aborted')));
  const limit = new LocalLimit({ maxConcurrent: 1, requestsPerMinute: 50, clock: { now: () => 0, sleep } });
  await (await limit.acquire({}, { signal: never })).release();
  await expect(limit.acquire({}, { signal: never })).rejects.toMatchObject({ reason: 'cancelled' });
  isAwake = true;
  await expect(limit.acquire({}, { signal: never })).resolves.toBeDefined();
});
