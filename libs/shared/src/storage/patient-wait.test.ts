import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { PatientWait } from './patient-wait.ts';

const patience = { ms: 1000, error: () => new Error('nothing happened for a second') };

describe('PatientWait', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test('lasts as long as something happens in time, however slow it is altogether', async () => {
    const wait = new PatientWait();
    let done = 0;
    const waiting = wait.until(() => done === 10, patience);
    while (done < 10) {
      await jest.advanceTimersByTimeAsync(900);
      done += 1;
      wait.notify();
    }
    await waiting;
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends when nothing happens', async () => {
    const wait = new PatientWait();
    const ended = expect(wait.until(() => false, patience)).rejects.toThrow('nothing happened for a second');
    await jest.advanceTimersByTimeAsync(1000);
    await ended;
  });

  test('ends with the first failure, now and later', async () => {
    const wait = new PatientWait();
    const ended = expect(wait.until(() => false, patience)).rejects.toThrow('first');
    wait.fail(new Error('first'));
    wait.fail(new Error('second'));
    await ended;
    await expect(wait.until(() => true, patience)).rejects.toThrow('first');
    expect(jest.getTimerCount()).toBe(0);
  });

  test('gives a value that comes, or its error', async () => {
    const wait = new PatientWait();
    expect(await wait.of(Promise.resolve(1), patience)).toBe(1);
    await expect(wait.of(Promise.reject(new Error('its own')), patience)).rejects.toThrow('its own');
  });

  test('does not wait for a value after a failure', async () => {
    const wait = new PatientWait();
    const ended = expect(wait.of(new Promise(() => undefined), patience)).rejects.toThrow('failed meanwhile');
    wait.fail(new Error('failed meanwhile'));
    await ended;
  });
});
