import { expect, test } from '@jest/globals';
import { LocalLimit } from './local-limit.ts';

const never = new AbortController().signal;

test('lets so many calls run at once', async () => {
  const limit = new LocalLimit({ maxConcurrent: 2 });
  const permits = await Promise.all([limit.acquire({}, { signal: never }), limit.acquire({}, { signal: never })]);
  let third = false;
  const waiting = limit.acquire({}, { signal: never }).then(() => (third = true));
  await Promise.resolve();
  expect(third).toBe(false);
  await permits[0].release();
  await waiting;
});

test('starts calls evenly over the minute, and gives the place of an aborted one back', async () => {
  const limit = new LocalLimit({ maxConcurrent: 1, requestsPerMinute: 3000 });
  const starts: number[] = [];
  for (let i = 0; i < 4; i++) {
    const permit = await limit.acquire({}, { signal: never });
    starts.push(performance.now());
    await permit.release();
  }
  // 3,000 a minute is one every 20 ms.
  expect(starts[3]! - starts[0]!).toBeGreaterThanOrEqual(58);
  const abort = new AbortController();
  const aborted = limit.acquire({}, { signal: abort.signal });
  abort.abort();
  await expect(aborted).rejects.toMatchObject({ reason: 'cancelled' });
  await expect(limit.acquire({}, { signal: never })).resolves.toBeDefined();
});
