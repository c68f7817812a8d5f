import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fakeMachine } from './fake-machine.mjs';
import { requirements } from './requirements.mjs';
import { ensureTestTools } from './test-tools.mjs';

/** @type {Awaited<ReturnType<typeof fakeMachine>>} */
let machine;
beforeEach(async () => {
  machine = await fakeMachine();
});
afterEach(() => machine.remove());

describe('tools that only tests need', () => {
  test('are installed by root', async () => {
    await machine.placeApt();
    await ensureTestTools(requirements.testTools, machine.context(0));
    expect((await machine.calls()).at(-1)).toMatch(/ install --no-install-recommends prometheus$/);
    expect(machine.told()).toMatch(/promtool +9\.9\.9/);
  });

  test('are told as missing, and no failure, where they can’t be installed', async () => {
    await machine.placeApt();
    await ensureTestTools(requirements.testTools, machine.context(1000));
    expect(machine.told()).toMatch(/promtool +not there: its tests are skipped/);
  });

  test('fail nothing when apt does', async () => {
    await machine.placeApt([]);
    await ensureTestTools(requirements.testTools, machine.context(0));
    expect(machine.told()).toMatch(/prometheus +not there/);
  });
});
