/** Where nothing waits, in ticks of the clock by which an idle replica looks: a little less than one, and than four. */
const FIRST_TICKS = 0.8;
const LATER_TICKS = 3.8;

/**
 * Remembers which places of a queue have answered that they hold nothing, so that they are not asked again until a job was
 * heard there. Retries and the jobs of crashed neighbours are heard by nobody: after a while the memory is void.
 */
export class KnownEmpty {
  readonly #tickMs: number;
  readonly #now: () => number;
  /** By subject, in milliseconds of `now`. */
  readonly #emptyUntil = new Map<string, number>();
  readonly #heardAt = new Map<string, number>();

  /** @param tickMs how often an idle replica looks for work nobody rang for. */
  constructor(tickMs: number, now: () => number = () => performance.now()) {
    this.#tickMs = tickMs;
    this.#now = now;
  }

  has(subject: string): boolean {
    return (this.#emptyUntil.get(subject) ?? -Infinity) > this.#now();
  }

  /**
   * The place has answered that it holds nothing. Not believed shortly after a job was heard there: one is heard before
   * a replicated stream has stored it.
   * @param often whether it is asked by every tick, or by every fourth.
   */
  note(subject: string, often: boolean): void {
    const now = this.#now();
    if (now - (this.#heardAt.get(subject) ?? -Infinity) < this.#tickMs) return;
    this.#emptyUntil.set(subject, now + this.#tickMs * (often ? FIRST_TICKS : LATER_TICKS));
  }

  /** A job was published there. */
  heard(subject: string): void {
    this.#heardAt.set(subject, this.#now());
    this.#emptyUntil.delete(subject);
  }

  /** What it answers next may differ: a job of it was settled, and its consumer's cap has room again. */
  forget(subject: string): void {
    this.#emptyUntil.delete(subject);
  }

  clear(): void {
    this.#emptyUntil.clear();
  }
}
