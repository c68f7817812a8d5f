import { MARK_LENGTH } from './mark-items.ts';

/** Most marks kept: about 26,000 items; 640 KB, which one KV entry holds. */
const MAX_MARKS = 80_000;

/** The items of a feed that were seen before, by their marks. Grows with the feed, up to a bound. */
export class KnownItems {
  readonly #marks: Set<string>;
  #changed = false;

  /** @param text as `toString` gave it. */
  constructor(text = '') {
    this.#marks = new Set();
    for (let at = 0; at + MARK_LENGTH <= text.length; at += MARK_LENGTH) {
      this.#marks.add(text.slice(at, at + MARK_LENGTH));
    }
  }

  get changed(): boolean {
    return this.#changed;
  }

  get size(): number {
    return this.#marks.size;
  }

  has(marks: readonly string[]): boolean {
    return marks.some((mark) => this.#marks.has(mark));
  }

  add(marks: readonly string[]): void {
    for (const mark of marks) {
      if (this.#marks.has(mark)) continue;
      this.#marks.add(mark);
      this.#changed = true;
    }
  }

  /** The newest marks; the oldest are of items that left the feed long ago. */
  toString(): string {
    return [...this.#marks].slice(-MAX_MARKS).join('');
  }
}
