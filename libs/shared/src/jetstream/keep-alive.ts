import type { JsMsg } from 'nats';
import { CancelledError, PodlineError, RetryableError } from '#shared/errors';
import { orAborted } from '#shared/parallel/or-aborted';

export interface KeepAliveOptions {
  ackWaitMs: number;
  /** Hard ceiling of one delivery, in milliseconds; then the job is stopped and tried again. */
  ceilingMs: number;
  /** Aborted when the service stops and the grace period is over. */
  shutdown: AbortSignal;
}

/**
 * Keeps a delivery ours while the handler works: tells JetStream so every third of ack_wait (two lost signs of life
 * change nothing), and hands the handler one signal that ends it, by ceiling or by shutdown.
 */
export async function withKeepAlive<T>(
  message: Pick<JsMsg, 'working'>,
  options: KeepAliveOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ceiling = new AbortController();
  const beat = setInterval(() => signOfLife(message), options.ackWaitMs / 3);
  const deadline = setTimeout(
    () =>
      ceiling.abort(
        new RetryableError('job-timeout', `The job ran longer than its ceiling of ${options.ceilingMs / 1000} s.`),
      ),
    options.ceilingMs,
  );
  const signal = AbortSignal.any([ceiling.signal, options.shutdown]);
  try {
    // A handler that ignores its signal must not hold the slot for ever.
    return await orAborted(work(signal), signal);
  } catch (error) {
    // Whatever a stopped handler throws, the cause is the stop.
    if (ceiling.signal.aborted) throw ceiling.signal.reason;
    if (options.shutdown.aborted && !(error instanceof PodlineError && !error.retryable)) {
      throw new CancelledError('The service stopped before the job was finished.', { cause: error });
    }
    throw error;
  } finally {
    clearInterval(beat);
    clearTimeout(deadline);
  }
}

/** Telling may fail while the connection is closed for good; the job is then redelivered, which is right. */
function signOfLife(message: Pick<JsMsg, 'working'>): void {
  try {
    message.working();
  } catch {
    // Nobody to tell.
  }
}
