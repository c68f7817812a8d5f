import type { LimiterState } from './limiter-state.ts';

/** A change of the state that must get through: an ended lease, a pause. Doing it twice must change nothing more. */
export interface Change {
  apply: (state: LimiterState, now: number) => LimiterState;
  /** May wait a little for company; the rest goes at once. */
  patient: boolean;
  done: () => void;
  /** Monotonic milliseconds after which it is not worth trying any more. */
  until: number;
  since: number;
}

/** Changes that wait for the next compare-and-set; many go in one. */
export class Outbox {
  readonly #monotonic: () => number;
  #changes: Change[] = [];

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  get size(): number {
    return this.#changes.length;
  }

  /** Resolves when the change is stored, or when `timeoutMs` are over: then it is dropped. */
  add(apply: Change['apply'], { patient, timeoutMs }: { patient: boolean; timeoutMs: number }): Promise<void> {
    const since = this.#monotonic();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#changes.push({ apply, patient, done: resolve, since, until: since + timeoutMs });
    return promise;
  }

  /** The state with all of them, and those that were applied. */
  applyTo(state: LimiterState, now: number): { state: LimiterState; applied: Change[] } {
    const applied = [...this.#changes];
    let changed = state;
    for (const change of applied) changed = change.apply(changed, now);
    return { state: changed, applied };
  }

  /** How long the most pressing change can still wait, in milliseconds; Infinity where there is none. */
  patienceMs(patienceMs: number): number {
    const at = this.#monotonic();
    return Math.min(...this.#changes.map(({ patient, since }) => (patient ? Math.max(0, since + patienceMs - at) : 0)));
  }

  /** To be called when they are stored. */
  finish(applied: readonly Change[]): void {
    const gone = new Set(applied);
    this.#changes = this.#changes.filter((change) => !gone.has(change));
    for (const { done } of applied) done();
  }

  dropOverdue(): void {
    const at = this.#monotonic();
    this.finish(this.#changes.filter(({ until }) => until <= at));
  }

  /** Gives up on all of them. */
  clear(): void {
    this.finish([...this.#changes]);
  }
}
