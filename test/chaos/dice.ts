/** Random numbers that come again with the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  pick<T>(of: readonly T[]): T | undefined {
    return of[Math.floor(this.roll() * of.length)];
  }

  /** A wait with this mean, in milliseconds, as between events that know nothing of each other. */
  pause(meanMs: number): number {
    return Math.min(5 * meanMs, -Math.log(1 - this.roll()) * meanMs);
  }
}
