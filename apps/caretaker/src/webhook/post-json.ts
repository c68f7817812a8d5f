import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { DEFAULTS } from '#shared/config/defaults';
import { PermanentError, type PodlineError, RetryableError } from '#shared/errors';
import type { AllowList } from '#shared/http/allow-list';
import { authorization } from '#shared/http/authorization';
import { networkError } from '#shared/http/network-errors';
import { openRequest } from '#shared/http/open-request';
import { redactUrl } from '#shared/http/redact-url';
import { type Resolve, systemResolve } from '#shared/http/resolve-checked';
import { retryAfterMs } from '#shared/http/retry-after';

export interface PostSettings {
  allow: AllowList;
  /** Milliseconds for the connection, and again for the answer. */
  timeoutMs: number;
  resolve?: Resolve;
}

/**
 * Posts JSON to a public address, or an allowed one. Any 2xx is success; redirects are not followed, and the answer's body
 * is not read.
 * @throws PermanentError, RetryableError: 408, 429 and 5xx are worth another try, as is a receiver that is away.
 */
export async function postJson(
  url: URL,
  body: string,
  headers: OutgoingHttpHeaders,
  settings: PostSettings,
  signal: AbortSignal,
): Promise<void> {
  const { allow, timeoutMs, resolve = systemResolve } = settings;
  const data = Buffer.from(body);
  const requester = { allow, resolve, timeouts: { connectMs: timeoutMs, firstByteMs: timeoutMs }, signal };
  let response: IncomingMessage;
  try {
    const fixed = { 'content-type': 'application/json', 'content-length': data.length, 'user-agent': 'podline' };
    response = await openRequest(url, { ...headers, ...fixed, ...authorization(url) }, requester, data);
  } catch (error) {
    throw networkError(error, url);
  }
  response.destroy();
  const failure = refusal(response, url);
  if (failure !== undefined) throw failure;
}

function refusal({ statusCode: status = 0, headers }: IncomingMessage, url: URL): PodlineError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const answered = `${redactUrl(url)} answered ${status}`;
  if (status >= 300 && status < 400) {
    return new PermanentError('webhook-redirected', `${answered}: redirects are not followed. Give the final URL.`);
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const asked = retryAfterMs(headers['retry-after']);
    const delayMs = asked === undefined ? undefined : Math.min(asked, DEFAULTS.webhook.retryCapMs);
    return new RetryableError('webhook-failed', `${answered}.`, { delayMs });
  }
  return new PermanentError('webhook-refused', `${answered}: expected 2xx.`);
}
