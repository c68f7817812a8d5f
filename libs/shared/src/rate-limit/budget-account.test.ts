import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type BudgetAccount,
  committed,
  current,
  decodeAccount,
  emptyAccount,
  reserve,
  settleReservation,
} from './budget-account.ts';

const NOVEMBER = Date.UTC(2026, 10, 25, 12);
const DECEMBER = Date.UTC(2026, 11, 1);
const call = (id: string, amount: number, until = NOVEMBER + 60_000) => ({ id, amount, until });

/** Of a call that must be granted. */
function reserved(account: BudgetAccount, ...of: Parameters<typeof call>): BudgetAccount {
  const next = reserve(account, call(...of), undefined);
  if (!next) throw new Error('not reserved');
  return next;
}

describe('a budget’s account', () => {
  test('holds no call that would go over, counting those under way', () => {
    const account = reserved(emptyAccount(NOVEMBER), 'a', 60);
    expect(reserve(account, call('b', 41), 100)).toBeUndefined();
    expect(reserve(account, call('b', 40), 100)).toBeDefined();
  });

  test('of nothing holds no call, not even one that is free', () => {
    expect(reserve(emptyAccount(NOVEMBER), call('a', 0), 0)).toBeUndefined();
  });

  test('has what a call cost in place of what was set aside, once', () => {
    const settled = settleReservation(reserved(emptyAccount(NOVEMBER), 'a', 60), 'a', 10);
    expect(settled).toMatchObject({ spent: 10, reserved: {} });
    expect(settleReservation(settled, 'a', 10)).toBe(settled);
  });

  test('takes a call that nobody settled for made', () => {
    const account = reserved(emptyAccount(NOVEMBER), 'a', 60);
    expect(current(account, NOVEMBER + 59_999)).toBe(account);
    expect(current(account, NOVEMBER + 60_000)).toMatchObject({ spent: 60, reserved: {} });
  });

  test('begins anew with the month in UTC, remembers the last one, and takes calls under way along', () => {
    const account = reserved({ ...emptyAccount(NOVEMBER), spent: 90 }, 'a', 10, DECEMBER + 5000);
    const next = current(account, DECEMBER);
    expect(next).toMatchObject({ month: '2026-12', spent: 0, history: [{ month: '2026-11', spent: 90 }] });
    expect(committed(next)).toBe(10);
    expect(current(next, NOVEMBER).month).toBe('2026-12');
  });

  test('survives storing, and is refused as garbage', () => {
    const account = reserved({ ...emptyAccount(NOVEMBER, 'https://a.example/feed'), spent: 90 }, 'a', 10);
    expect(decodeAccount(JSON.stringify(account))).toEqual(account);
    for (const text of [
      '',
      '{}',
      'null',
      JSON.stringify({ ...account, spent: -1 }),
      JSON.stringify({ ...account, v: 2 }),
    ])
      expect(decodeAccount(text)).toBeUndefined();
  });

  test('never lets more than the budget be spent where calls cost at most what was set aside', () => {
    const operation = fc.record({
      amount: fc.integer({ min: 0, max: 300 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      dies: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), fc.integer({ min: 0, max: 2000 }), (operations, budget) => {
        let account = emptyAccount(NOVEMBER);
        let truth = 0;
        let now = NOVEMBER;
        for (const [index, { amount, share, dies }] of operations.entries()) {
          now += 1000;
          account = current(account, now);
          const next = reserve(account, call(String(index), amount, now + 5000), budget);
          if (!next) continue;
          const cost = Math.floor(amount * share);
          truth += cost;
          account = dies ? next : settleReservation(next, String(index), cost);
        }
        const end = current(account, now + 10_000);
        expect(truth).toBeLessThanOrEqual(Math.max(end.spent, 0));
        expect(end.spent).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 200 },
    );
  });
});
