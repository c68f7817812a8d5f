import type { IncomingMessage } from 'node:http';
import { PermanentError, type PodlineError, RetryableError } from '#shared/errors';
import { redactUrl } from './redact-url.ts';
import { retryAfterMs } from './retry-after.ts';

/** Answers besides 5xx that may be another one the next time: request time-out, conflict with early data, throttling. */
const PASSING = new Set([408, 425, 429]);

/** The error an answer without the file stands for; undefined for 200 and 206. */
export function statusError(response: IncomingMessage, url: URL): PodlineError | undefined {
  const status = response.statusCode ?? 0;
  if (status === 200 || status === 206) return undefined;
  const answered = `${redactUrl(url)} answered ${status}${phrase(response)}`;
  if (status === 404 || status === 410)
    return new PermanentError('not-found', `${answered}: there is no such file. Check the URL.`);
  if (status === 401 || status === 403) {
    return new PermanentError(
      'access-denied',
      `${answered}: the server wants other credentials, or does not serve this client.`,
    );
  }
  if (status >= 500 || PASSING.has(status)) {
    const reason = status === 429 ? 'throttled' : 'server-error';
    return new RetryableError(reason, `${answered}.`, { delayMs: retryAfterMs(response.headers['retry-after']) });
  }
  return new PermanentError('http-error', `${answered}: expected 200 and the file.`);
}

/** The status in words, as far as it is harmless to print. */
function phrase({ statusMessage }: IncomingMessage): string {
  return statusMessage !== undefined && /^[\w '-]{1,60}$/.test(statusMessage) ? ` ${statusMessage}` : '';
}
