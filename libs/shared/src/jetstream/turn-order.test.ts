import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Turn, TURNS } from '#shared/contracts/turn';
import { PATIENCE, TurnOrder } from './turn-order.ts';

/** @param waiting how many jobs wait in each turn. @returns the turn the next one is taken from. */
function take(order: TurnOrder, waiting: Record<Turn, number>): Turn | undefined {
  for (const turn of order.get()) {
    order.asked(turn);
    if (waiting[turn] === 0) continue;
    waiting[turn]--;
    order.took(turn, (other) => waiting[other] > 0);
    return turn;
  }
  return undefined;
}

const perTurn = <T>(value: T): Record<Turn, T> => ({ 0: value, 1: value, 2: value, 3: value, 4: value });

/** How many jobs come to each turn before the next one is taken. */
const arrivals = fc.tuple(...TURNS.map(() => fc.nat({ max: 2 })));

describe('the turns of a lane', () => {
  test('are asked in their order while nothing waits', () => {
    const order = new TurnOrder();
    for (let round = 0; round < 50; round++) take(order, perTurn(0));
    expect(order.get()).toEqual([0, 1, 2, 3, 4]);
  });

  test('share a busy replica: the first gets most, the last its part', () => {
    const order = new TurnOrder();
    const waiting = perTurn(1e6);
    for (let job = 0; job < 1000; job++) take(order, waiting);
    expect(1e6 - waiting[0]).toBeGreaterThan(750);
    expect(1e6 - waiting[4]).toBeGreaterThanOrEqual(Math.floor(1000 / (PATIENCE[4] + 5)));
  });

  test('are each served within their patience, whatever else comes', () => {
    fc.assert(
      fc.property(fc.array(arrivals, { minLength: 30, maxLength: 300 }), (steps) => {
        const order = new TurnOrder();
        const waiting = perTurn(0);
        /** Jobs taken while a turn that has work waited. */
        const passed = perTurn(0);
        for (const step of steps) {
          for (const turn of TURNS) waiting[turn] += step[turn] ?? 0;
          const hadWork = { ...waiting };
          const taken = take(order, waiting);
          for (const turn of TURNS) passed[turn] = turn === taken || hadWork[turn] === 0 ? 0 : passed[turn] + 1;
          if (TURNS.some((turn) => passed[turn] > PATIENCE[turn] + 4)) return false;
        }
        return true;
      }),
    );
  });

  test('without work save no credit: what comes later waits like everybody', () => {
    const order = new TurnOrder();
    const waiting = { ...perTurn(0), 0: 100 };
    for (let job = 0; job < 50; job++) take(order, waiting);
    waiting[3] = 1;
    const next = Array.from({ length: PATIENCE[3] }, () => take(order, waiting));
    expect(next).not.toContain(3);
    expect(take(order, waiting)).toBe(3);
  });
});
