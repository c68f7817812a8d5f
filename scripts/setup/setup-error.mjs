/** Something a person has to mend. The message is one line: what is wrong, and what to do. `detail` may be long. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ detail?: string, cause?: unknown }} [options]
   */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.name = 'SetupError';
    this.detail = options.detail ?? '';
  }
}

/** The set-up was stopped by a signal, which is no failure of any step. */
export class SetupInterrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'SetupInterrupted';
  }
}

/** A step has failed and told so itself; what depends on it is not tried. */
export class StepFailed extends Error {
  constructor() {
    super('a step failed');
    this.name = 'StepFailed';
  }
}
