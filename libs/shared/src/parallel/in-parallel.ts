import type { Gate } from './gate.ts';

/**
 * Runs something for each item, as many at once as the gate lets in. The first failure cancels the others, and is thrown
 * when all have ended.
 * @returns the results, in the order of the items.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  { gate, signal }: { gate: Gate; signal: AbortSignal },
  run: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const errors: unknown[] = [];
  const results = items.map(async (item, index) => {
    const leave = await gate.enter(either);
    try {
      return await run(item, index, either);
    } catch (error) {
      errors.push(error);
      failed.abort();
      throw error;
    } finally {
      leave();
    }
  });
  await Promise.allSettled(results);
  // The others have been cancelled by the first: only that one says what is wrong.
  if (errors.length > 0) throw errors[0];
  return Promise.all(results);
}
