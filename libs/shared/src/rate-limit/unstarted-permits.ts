import type { Grant } from './book.ts';
import type { Waiter } from './waiter.ts';

interface Unstarted {
  waiter: Waiter;
  grant: Grant;
  timer: NodeJS.Timeout | undefined;
}

/** Grants that are booked and wait for their slot to begin. */
export class UnstartedPermits {
  readonly #start: (waiter: Waiter, grant: Grant) => void;
  readonly #all = new Set<Unstarted>();

  /** @param start called when a grant's time has come. */
  constructor(start: (waiter: Waiter, grant: Grant) => void) {
    this.#start = start;
  }

  get size(): number {
    return this.#all.size;
  }

  has(waiter: Waiter): boolean {
    return [...this.#all].some((unstarted) => unstarted.waiter === waiter);
  }

  add(waiter: Waiter, grant: Grant, delayMs: number): void {
    const unstarted: Unstarted = { waiter, grant, timer: undefined };
    this.#all.add(unstarted);
    const begin = (): void => {
      this.#all.delete(unstarted);
      this.#start(waiter, grant);
    };
    if (delayMs <= 0) begin();
    else unstarted.timer = setTimeout(begin, delayMs);
  }

  /** Forgets the waiter's grant. @returns it, if there was one. */
  take(waiter: Waiter): Grant | undefined {
    for (const unstarted of this.#all) {
      if (unstarted.waiter !== waiter) continue;
      clearTimeout(unstarted.timer);
      this.#all.delete(unstarted);
      return unstarted.grant;
    }
    return undefined;
  }

  takeAll(): { waiter: Waiter; grant: Grant }[] {
    const all = [...this.#all];
    for (const { timer } of all) clearTimeout(timer);
    this.#all.clear();
    return all.map(({ waiter, grant }) => ({ waiter, grant }));
  }
}
