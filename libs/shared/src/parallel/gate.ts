import { CancelledError } from '#shared/errors';

/** Lets so many in at once; the others wait in line. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#free = width;
  }

  /** Whether the next one has to wait. */
  get full(): boolean {
    return this.#free === 0;
  }

  /**
   * Waits for a place.
   * @returns What gives the place back; calling it again does nothing.
   * @throws CancelledError where the signal is aborted first.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw new CancelledError();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = (): void => {
      this.#waiting.splice(this.#waiting.indexOf(admit), 1);
      reject(new CancelledError());
    };
    const admit = (): void => {
      signal.removeEventListener('abort', cancel);
      resolve();
    };
    signal.addEventListener('abort', cancel, { once: true });
    this.#waiting.push(admit);
    return promise;
  }
}
