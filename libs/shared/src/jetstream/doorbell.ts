/**
 * Wakes idle slots. It is rung when a job is published (a plain subscription on the queue's subjects hears it), and by a
 * timer for the jobs nobody rings for: retries whose delay is over, and those of crashed neighbours.
 */
export class Doorbell {
  readonly #waiting = new Set<() => void>();

  /** Wakes everybody who waits now. */
  ring(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of woken) wake();
  }

  /** Resolves at the next ring, or after `timeoutMs` where one is given. */
  async wait(timeoutMs?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
    this.#waiting.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }
}
