import { describe, expect, test } from '@jest/globals';
import { orAborted } from './or-aborted.ts';

const never = new Promise<never>(() => undefined);

describe('work that may be left behind', () => {
  test('gives its result, or its own error, while nobody stops it', async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(orAborted(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
  });

  test('ends with the signal’s reason, aborted before or meanwhile', async () => {
    const stop = new AbortController();
    const left = orAborted(never, stop.signal);
    stop.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    await expect(orAborted(never, stop.signal)).rejects.toThrow('enough');
  });

  test('fails unheard once it was left', async () => {
    const work = Promise.withResolvers<never>();
    await expect(orAborted(work.promise, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    const unheard: unknown[] = [];
    const note = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', note);
    work.reject(new Error('late'));
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });
});
