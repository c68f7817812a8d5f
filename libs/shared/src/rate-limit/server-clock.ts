import type { WindowLayout } from './window-layout.ts';

/** A message put into the bucket: when it was sent and its acknowledgement came, and how the server dated it. */
export interface TimeSample {
  /** Milliseconds of this process's monotonic clock. */
  sentAt: number;
  receivedAt: number;
  /** Milliseconds since 1970 by the server's clock. */
  created: number;
}

/** How fast a small step forward is made up for: 0.5 % is well within the guard of a window. */
const SLEW = 0.005;
/** Samples that are remembered; at one in 5 s, a minute. */
const KEPT = 12;

/**
 * The server's time, from a clock that only counts: whatever the machine thinks the date is does not matter.
 *
 * The server dated a sample before its acknowledgement came, so `created - receivedAt` is never more than the true
 * difference of the clocks; the largest of the last samples is the best, and errs towards the past by one way's delay.
 * A step back is taken at once: slots that were used stay booked. A step forward would skip slots whose requests the
 * provider still counts: a small one is made up for slowly, a large one closes this replica until every request that
 * was sent before it has left the window.
 */
export class ServerClock {
  readonly #monotonic: () => number;
  readonly #layout: () => WindowLayout;
  #offsets: number[] = [];
  /** The offset at `#setAt`, and where it moves to. */
  #offset: number | undefined;
  #target = 0;
  #setAt = 0;
  #closedUntil = -Infinity;
  /** Shortest way there and back of the kept samples, in milliseconds: the clock is that wrong at most. */
  uncertaintyMs = Infinity;

  /** @param monotonic milliseconds of a clock that never jumps, such as `performance.now`. */
  constructor(monotonic: () => number, layout: () => WindowLayout) {
    this.#monotonic = monotonic;
    this.#layout = layout;
  }

  /** Milliseconds since 1970 by the server's clock; undefined while it isn't known or must not be used. */
  now(): number | undefined {
    const at = this.#monotonic();
    if (this.#offset === undefined || at < this.#closedUntil) return undefined;
    return at + this.#offsetAt(at);
  }

  /** Difference of the server's clock and this one, in milliseconds, once it is known. */
  get offsetMs(): number | undefined {
    return this.#offset === undefined ? undefined : this.#offsetAt(this.#monotonic());
  }

  add({ sentAt, receivedAt, created }: TimeSample): void {
    this.#offsets = [...this.#offsets, created - receivedAt].slice(-KEPT);
    this.uncertaintyMs = Math.min(this.uncertaintyMs, receivedAt - sentAt);
    const at = this.#monotonic();
    const current = this.#offset === undefined ? undefined : this.#offsetAt(at);
    this.#target = Math.max(...this.#offsets);
    this.#offset = current === undefined ? this.#target : Math.min(current, this.#target);
    this.#setAt = at;
    const { windowMs, guardMs } = this.#layout();
    if (this.#target - this.#offset <= guardMs / 4) return;
    this.#closedUntil = at + windowMs + 3 * guardMs;
    this.#offset = this.#target;
  }

  #offsetAt(at: number): number {
    return Math.min(this.#target, (this.#offset ?? 0) + SLEW * (at - this.#setAt));
  }
}
