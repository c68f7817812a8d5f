import { expect, test } from '@jest/globals';
import { add, sum } from './calendar.ts';

test('a refund of more than a slot holds leaves nothing in it, and takes nothing from the others', () => {
  const calendar = { base: 10, amounts: [5, 3] };
  expect(sum(add(calendar, 10, -7), 10, 11)).toBe(3);
  expect(add(calendar, 11, -7)).toEqual({ base: 10, amounts: [5] });
});

test('a slot that is forgotten stays forgotten', () => {
  const calendar = { base: 10, amounts: [5] };
  expect(add(calendar, 9, 4)).toBe(calendar);
});
