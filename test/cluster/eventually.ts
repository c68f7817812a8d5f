import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;

/**
 * Resolves with the first value that is neither undefined nor false. A look that fails counts as not yet: NATS or the API
 * server may be on the move.
 * @throws Error naming what did not happen, and the last failure.
 */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let failure: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await look();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      failure = error;
    }
    await delay(POLL_MS);
  }
  throw new Error(`${what} did not happen within ${timeoutMs / 1000} s.`, { cause: failure });
}
