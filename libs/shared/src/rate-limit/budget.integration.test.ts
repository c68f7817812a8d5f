import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KV } from 'nats';
import { PermanentError, RetryableError } from '#shared/errors';
import { SILENT } from '#shared/observability/log';
import { limitsBuckets } from '../../../../test/support/limits-buckets.ts';
import { correctSpent, setBudget, showBudget } from './budget-admin.ts';
import { Budget, type Expense } from './budget.ts';
import { payFor } from './pay-for.ts';

const FEED = 'https://shows.example/feed.xml';

const buckets = limitsBuckets();
let bucket: KV;
let bucketName: string;
let now = Date.UTC(2026, 10, 25);

beforeEach(async () => {
  now = Date.UTC(2026, 10, 25);
  ({ bucket, name: bucketName } = await buckets.fresh());
});

const openBudget = (onRoom: () => void = () => undefined): Promise<Budget> =>
  Budget.open({ connection: buckets.connection, bucket: bucketName, now: () => now, log: SILENT, onRoom });

const expense = (dollars: number | undefined, feed?: string): Expense => ({
  model: 'whisper-1',
  dollars,
  feed,
  lastsMs: 60_000,
});

const spent = async (): Promise<number | undefined> => (await showBudget(bucket, now)).all?.spent;

describe('what was spent', () => {
  test('is recorded without any budget, for all calls and by feed', async () => {
    const budget = await openBudget();
    await (await budget.setAside(expense(0.5, FEED))).settle(0.2);
    await (await budget.setAside(expense(0.5))).settle(0.1);
    const overview = await showBudget(bucket, now);
    expect(overview.all).toMatchObject({ month: '2026-11', spent: 0.3, underWay: 0, budget: undefined });
    expect(overview.feeds).toMatchObject([{ feed: FEED, spent: 0.2 }]);
  });

  test('is nothing where the call was never sent or refused, and all that was set aside where nobody answered', async () => {
    const budget = await openBudget();
    const call = (work: Parameters<typeof payFor>[2]): Promise<unknown> =>
      payFor(budget, expense(1), work).catch((error: unknown) => error);
    await call(() => Promise.reject(new RetryableError('rate-limit-wait', 'no permit')));
    await call((bill) => {
      bill.sent();
      bill.refused();
      return Promise.reject(new RetryableError('api-failed', '500'));
    });
    await call((bill) => {
      bill.sent();
      return Promise.reject(new PermanentError('audio-too-large', 'too large'));
    });
    expect(await spent()).toBe(0);
    await call((bill) => {
      bill.sent();
      return Promise.reject(new RetryableError('timeout', 'no answer'));
    });
    expect(await spent()).toBe(1);
  });

  test('adds up over replicas that spend at once', async () => {
    const budgets = await Promise.all([openBudget(), openBudget(), openBudget()]);
    await Promise.all(
      budgets.flatMap((budget) =>
        Array.from({ length: 5 }, async () => (await budget.setAside(expense(0.02))).settle(0.01)),
      ),
    );
    expect(await spent()).toBeCloseTo(0.15, 6);
  });
});

describe('a monthly budget', () => {
  test('of replicas that ask at once is never overdrawn', async () => {
    await setBudget(bucket, { monthlyDollars: 1 });
    const budgets = await Promise.all([openBudget(), openBudget()]);
    const asked = budgets.flatMap((budget) => Array.from({ length: 8 }, () => budget.setAside(expense(0.15))));
    const granted = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled');
    expect(granted).toHaveLength(6);
  });

  test('that is used up makes jobs wait, says why, and takes them again when it is raised', async () => {
    await setBudget(bucket, { monthlyDollars: 1 });
    const budget = await openBudget();
    await (await budget.setAside(expense(0.9))).settle(0.9);
    const refusal = budget.setAside(expense(0.2));
    await expect(refusal).rejects.toMatchObject({ reason: 'budget-reached', retryable: true, blameless: true });
    await expect(refusal).rejects.toThrow(
      /monthly budget of \$1\.00 does not hold this call, which may cost \$0\.20: \$0\.90 .* in 2026-11/,
    );
    expect(budget.usedUp).toBe(true);
    await setBudget(bucket, { monthlyDollars: 2 });
    await (await budget.setAside(expense(0.2))).settle(0.2);
    budget.close();
  });

  test('makes dead letters where the settings say so', async () => {
    await setBudget(bucket, { monthlyDollars: 0.1, whenReached: 'fail' });
    const budget = await openBudget();
    await expect(budget.setAside(expense(0.2))).rejects.toMatchObject({ reason: 'budget-reached', retryable: false });
    // The next job has to be taken, or it would wait for ever and say nothing.
    expect(budget.usedUp).toBe(false);
    budget.close();
  });

  test('has the jobs taken that waited, where they are to be dead letters from now on', async () => {
    const room = Promise.withResolvers<void>();
    await setBudget(bucket, { monthlyDollars: 0.1 });
    const budget = await openBudget(() => room.resolve());
    await expect(budget.setAside(expense(0.2))).rejects.toMatchObject({ retryable: true });
    expect(budget.usedUp).toBe(true);
    await setBudget(bucket, { whenReached: 'fail' });
    await room.promise;
    expect(budget.usedUp).toBe(false);
    budget.close();
  });

  test('begins anew with the month', async () => {
    await setBudget(bucket, { monthlyDollars: 1, whenReached: 'fail' });
    const budget = await openBudget();
    await (await budget.setAside(expense(1))).settle(1);
    now = Date.UTC(2026, 11, 1);
    await (await budget.setAside(expense(1))).settle(1);
    expect((await showBudget(bucket, now)).history).toEqual([{ month: '2026-11', dollars: 1 }]);
  });

  test('refuses calls whose price nobody knows, unless they are allowed', async () => {
    await setBudget(bucket, { monthlyDollars: 1 });
    const budget = await openBudget();
    await expect(budget.setAside(expense(undefined))).rejects.toMatchObject({ reason: 'price-unknown' });
    await setBudget(bucket, { unpriced: 'allow' });
    await (await budget.setAside(expense(undefined))).settle(undefined);
    expect(await spent()).toBe(0);
  });
});

describe('a feed’s budget', () => {
  test('stops that feed alone, and never makes its jobs wait', async () => {
    await setBudget(bucket, { feedMonthlyDollars: 1 });
    const budget = await openBudget();
    await expect(budget.setAside(expense(2, FEED))).rejects.toMatchObject({
      reason: 'budget-reached',
      retryable: false,
    });
    await (await budget.setAside(expense(2))).settle(2);
    expect(budget.usedUp).toBe(false);
    // What the refused call had set aside of the whole is given back.
    expect((await showBudget(bucket, now)).all).toMatchObject({ spent: 2, underWay: 0 });
  });

  test('of its own counts instead of the one for every feed', async () => {
    await setBudget(bucket, { feedMonthlyDollars: 1 }, { feed: { url: FEED, dollars: 5 } });
    const budget = await openBudget();
    await (await budget.setAside(expense(2, FEED))).settle(2);
    await setBudget(bucket, {}, { feed: { url: FEED, dollars: null } });
    await expect(budget.setAside(expense(1, FEED))).rejects.toMatchObject({ reason: 'budget-reached' });
  });
});

describe('an entry that can’t be trusted', () => {
  test.each(['{{{', '{"v":9}', JSON.stringify({ v: 1, month: '9999-12', spent: 0, reserved: {}, history: [] })])(
    'is no reason to spend: %s',
    async (text) => {
      await setBudget(bucket, { monthlyDollars: 1 });
      await bucket.put('budget.all', text);
      const budget = await openBudget();
      await expect(budget.setAside(expense(0.1))).rejects.toMatchObject({
        reason: 'budget-unreadable',
        blameless: true,
      });
      await correctSpent(bucket, 0.5, now);
      await (await budget.setAside(expense(0.1))).settle(0.1);
      expect(await spent()).toBe(0.6);
    },
  );

  test('of the settings stops everything until it is set anew', async () => {
    await bucket.put('budget.settings', '{ "monthlyDolars": 5 }');
    const budget = await openBudget();
    await expect(budget.setAside(expense(0.1))).rejects.toThrow(/monthlyDolars/);
    await setBudget(bucket, { monthlyDollars: 5 }, { anew: true });
    await (await budget.setAside(expense(0.1))).settle(0.1);
  });

  test('that was deleted is made again from what a living replica knows', async () => {
    const budget = await openBudget();
    await (await budget.setAside(expense(0.7))).settle(0.7);
    await bucket.purge('budget.all');
    await (await budget.setAside(expense(0.1))).settle(0.1);
    expect(await spent()).toBeCloseTo(0.8, 6);
  });
});
