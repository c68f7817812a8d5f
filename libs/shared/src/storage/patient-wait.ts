/** How long a wait may last without anything happening, and the error it then ends with. */
export interface Patience {
  ms: number;
  error: () => Error;
}

/**
 * Lets one caller at a time wait for a condition that callbacks bring about, for a failure, or for the end of its patience,
 * which begins anew whenever something happens. No promise outlives a wait, so nothing waited for is held in memory.
 */
export class PatientWait {
  #failure: Error | undefined;
  #happened = Promise.withResolvers<void>();

  /** Something happened: the condition is looked at again. */
  notify(): void {
    this.#happened.resolve();
    this.#happened = Promise.withResolvers<void>();
  }

  /** Ends the present and all later waits; the first failure counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.notify();
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async until(condition: () => boolean, patience: Patience): Promise<void> {
    this.throwIfFailed();
    while (!condition()) {
      const timer = setTimeout(() => this.fail(patience.error()), patience.ms);
      await this.#happened.promise;
      clearTimeout(timer);
      this.throwIfFailed();
    }
  }

  /** The promise's value, unless a failure comes first. */
  async of<T>(promise: Promise<T>, patience: Patience): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
      this.notify();
    };
    promise.then(settle, settle);
    await this.until(() => settled, patience);
    return promise;
  }
}
