import { CancelledError, RetryableError } from '#shared/errors';

const UNAVAILABLE = 'nats-unavailable';

/** NATS is away or did not answer: nothing is wrong with what was to be stored. */
export function unavailable(message: string, cause?: unknown): RetryableError {
  return new RetryableError(UNAVAILABLE, message, { cause, blameless: true });
}

export function isUnavailable(error: unknown): boolean {
  return error instanceof RetryableError && error.reason === UNAVAILABLE;
}

/** @throws CancelledError */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CancelledError(undefined, { cause: signal.reason });
}

/**
 * Error codes of a server without room (server/errors.json of nats-server): limits of the account, of the server, of its
 * memory and of its files.
 */
const NO_ROOM = new Set([10002, 10023, 10028, 10047]);
/** A full stream has the code of anything that went wrong while storing (10077), and only this text. */
const FULL_STREAM = /maximum (bytes|messages)|no space/i;

/** The error for a message JetStream refused to store. */
export function storeRefusal(
  refusal: { code: number; err_code?: number | undefined; description?: string | undefined },
  subject: string,
): RetryableError {
  const description = refusal.description ?? `error ${refusal.err_code ?? refusal.code}`;
  if (NO_ROOM.has(refusal.err_code ?? 0) || FULL_STREAM.test(description)) {
    return storageFull(`NATS has no room for ${subject}: ${description}.`);
  }
  return unavailable(`NATS did not store ${subject}: ${description}.`);
}

export function storageFull(message: string, cause?: unknown): RetryableError {
  return new RetryableError(
    'storage-full',
    `${message} Raise the bucket's max_bytes or the server's JetStream limits, or delete what is not needed.`,
    { cause, blameless: true },
  );
}
