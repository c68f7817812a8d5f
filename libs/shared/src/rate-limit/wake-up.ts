/** Lets one loop sleep until something changes; a ring before the sleep is not lost. */
export class WakeUp {
  #ring: (() => void) | undefined;
  #rung = false;

  ring(): void {
    this.#rung = true;
    this.#ring?.();
  }

  /** Rings up to now don't count. */
  forget(): void {
    this.#rung = false;
  }

  /** Resolves at the next ring, or at once after one that came since the last sleep, or after `ms`. */
  async sleep(ms: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#ring = resolve;
      const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      await promise;
      clearTimeout(timer);
      this.#ring = undefined;
    }
    this.#rung = false;
  }
}
