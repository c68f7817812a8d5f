import { ErrorCode, NatsError } from 'nats';
import { PodlineError, RetryableError } from '#shared/errors';

/** JetStream's error codes podline reacts to (server/errors.json of nats-server). */
export const JS_ERROR = {
  consumerNotFound: 10014,
  streamNotFound: 10059,
  streamNameInUse: 10058,
  insufficientStorage: 10047,
  storeFailed: 10077,
  wrongLastSequence: 10071,
  /** Since 2.11, on replicated streams: the same conflict under another number. */
  wrongLastSequenceConstant: 10164,
} as const;

export function apiErrorCode(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined;
}

export function isTimeout(error: unknown): boolean {
  return error instanceof NatsError && error.code === (ErrorCode.Timeout as string);
}

/** Whether a compare-and-set lost against another writer. */
export function isConflict(error: unknown): boolean {
  const code = apiErrorCode(error);
  return code === JS_ERROR.wrongLastSequence || code === JS_ERROR.wrongLastSequenceConstant;
}

/** HTTP-like status of a pull or request answer: 404 no message, 409 consumer gone, 503 nobody there. */
export function statusCode(error: unknown): number | undefined {
  return error instanceof NatsError && /^\d{3}$/.test(error.code) ? Number(error.code) : undefined;
}

/** A stream refused a message because it is full: the work must wait, nothing is wrong with it. */
function isStreamFull(error: unknown): boolean {
  const code = apiErrorCode(error);
  return (
    code === JS_ERROR.insufficientStorage ||
    code === JS_ERROR.storeFailed ||
    (error instanceof NatsError && /maximum (bytes|messages)/i.test(error.message))
  );
}

/**
 * Puts an error of the client into the taxonomy. Trouble with NATS is never the job's fault, so it does not count
 * towards its dead-lettering.
 */
export function fromNats(error: unknown): unknown {
  if (!(error instanceof NatsError) || error instanceof PodlineError) return error;
  if (isStreamFull(error)) {
    return new RetryableError(
      'storage-full',
      `NATS has no room left: ${error.message}. Raise the stream's limit or free space.`,
      {
        cause: error,
        blameless: true,
      },
    );
  }
  return new RetryableError('nats-unavailable', `NATS did not answer: ${error.message} (${error.code}).`, {
    cause: error,
    blameless: true,
  });
}
