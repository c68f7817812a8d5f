import { expect, test } from '@jest/globals';
import { Gate } from './gate.ts';

const never = new AbortController().signal;

test('lets in as many as it is wide, and the others in their order as places come free', async () => {
  const gate = new Gate(2);
  const entered: number[] = [];
  const leaves: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(async (i) => {
    leaves.push(await gate.enter(never));
    entered.push(i);
  });
  await Promise.all(all.slice(0, 2));
  expect(entered).toEqual([0, 1]);
  leaves[0]!();
  leaves[0]!();
  await all[2];
  expect(entered).toEqual([0, 1, 2]);
  leaves[1]!();
  await all[3];
  expect(entered).toEqual([0, 1, 2, 3]);
});

test('whoever gives up waiting takes no place', async () => {
  const gate = new Gate(1);
  const leave = await gate.enter(never);
  const abort = new AbortController();
  const impatient = gate.enter(abort.signal);
  const patient = gate.enter(never);
  abort.abort();
  await expect(impatient).rejects.toMatchObject({ reason: 'cancelled' });
  leave();
  await expect(patient).resolves.toBeInstanceOf(Function);
  await expect(gate.enter(abort.signal)).rejects.toMatchObject({ reason: 'cancelled' });
});
