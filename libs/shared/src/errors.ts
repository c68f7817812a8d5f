/**
 * The error taxonomy every stage speaks. Settling reads it and nothing else: a retryable error is tried again, a
 * permanent one is dead-lettered at once, a cancelled one is given back for another replica to take.
 */
export class PodlineError extends Error {
  /** Whether trying the same job again, unchanged, can succeed. */
  readonly retryable: boolean;
  /** Short kebab-case reason, bounded in number: fit for a metric label and for `podline dead list --reason`. */
  readonly reason: string;
  /** Nothing is wrong with the job (NATS is away, a replica stops): however often it happens, never a dead letter. */
  readonly blameless: boolean;

  constructor(
    reason: string,
    message: string,
    retryable: boolean,
    options?: ErrorOptions & { blameless?: boolean | undefined },
  ) {
    super(message, options);
    this.name = new.target.name;
    this.reason = reason;
    this.retryable = retryable;
    this.blameless = options?.blameless ?? false;
  }
}

/** The same job may succeed later; `delayMs` overrides the back-off when the other side said how long to wait. */
export class RetryableError extends PodlineError {
  readonly delayMs: number | undefined;

  constructor(
    reason: string,
    message: string,
    options?: ErrorOptions & { delayMs?: number | undefined; blameless?: boolean | undefined },
  ) {
    super(reason, message, true, options);
    this.delayMs = options?.delayMs;
  }
}

/** The job can never succeed as it is: bad input, a refused option, a file that is not audio. */
export class PermanentError extends PodlineError {
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(reason, message, false, options);
  }
}

/** The work was stopped from outside (shutdown, lost ownership); nothing is wrong with the job. */
export class CancelledError extends PodlineError {
  constructor(message = 'The job was cancelled before it finished.', options?: ErrorOptions) {
    super('cancelled', message, true, { ...options, blameless: true });
  }
}

/** Any thrown value as an Error, so that logs and dead letters never print `[object Object]`. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown));
}

/** What went wrong, in the taxonomy: an unknown error counts as retryable, since a bug must not lose an episode at once. */
export function classify(thrown: unknown): PodlineError {
  if (thrown instanceof PodlineError) return thrown;
  const error = asError(thrown);
  return new RetryableError('unexpected', error.message, { cause: error });
}
