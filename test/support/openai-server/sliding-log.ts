/** One thing that used part of a limit. */
interface Entry {
  /** When, in milliseconds of any one clock. */
  at: number;
  amount: number;
}

/**
 * Everything that was used, in order of time, and how much of it falls into any window. A window is half open: two
 * uses exactly `windowMs` apart are never in the same one.
 */
export class SlidingLog {
  readonly #entries: Entry[] = [];

  add(at: number, amount: number): void {
    let index = this.#entries.length;
    while (index > 0 && (this.#entries[index - 1]?.at ?? 0) > at) index--;
    this.#entries.splice(index, 0, { at, amount });
  }

  /** Used after `now - windowMs`. */
  usedSince(now: number, windowMs: number): number {
    let used = 0;
    for (const { at, amount } of this.#newestFirst(now - windowMs)) used += at <= now - windowMs ? 0 : amount;
    return used;
  }

  /** Milliseconds from `now` until `amount` more fits under `limit`; Infinity when it never does. */
  waitFor(now: number, windowMs: number, amount: number, limit: number): number {
    if (amount > limit) return Infinity;
    let used = 0;
    for (const entry of this.#newestFirst(now - windowMs)) {
      used += entry.amount;
      if (used + amount > limit) return Math.max(0, entry.at + windowMs - now);
    }
    return 0;
  }

  /** The most that any window of this length ever held. */
  mostInAnyWindow(windowMs: number): number {
    let most = 0;
    let used = 0;
    let first = 0;
    for (const { at, amount } of this.#entries) {
      used += amount;
      for (let oldest = this.#entries[first]; oldest && oldest.at <= at - windowMs; oldest = this.#entries[++first]) {
        used -= oldest.amount;
      }
      most = Math.max(most, used);
    }
    return most;
  }

  *#newestFirst(after: number): Iterable<Entry> {
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const entry = this.#entries[index];
      if (!entry || entry.at <= after) return;
      yield entry;
    }
  }
}
