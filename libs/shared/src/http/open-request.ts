import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import { RetryableError } from '#shared/errors';
import { orAborted } from '#shared/parallel/or-aborted';
import type { AllowList } from './allow-list.ts';
import { redactUrl } from './redact-url.ts';
import { type Resolve, resolveChecked } from './resolve-checked.ts';

/** Node gives up on an address after 250 ms when there are more; a far server needs longer to shake hands. */
const PER_ADDRESS_MS = 3000;

/** How long a request may take until its answer begins, in milliseconds. */
export interface RequestTimeouts {
  /** Name resolution, TCP and TLS together. */
  connectMs: number;
  /** From the connection to the answer's headers. */
  firstByteMs: number;
}

/** How requests are made; the same for all redirects and retries of a download. */
export interface Requester {
  allow: AllowList;
  resolve: Resolve;
  timeouts: RequestTimeouts;
  signal: AbortSignal;
}

/**
 * Sends one GET, or a POST where there is a body, and resolves with the answer's headers. The host is resolved once, and only the checked addresses are
 * connected to; no connection is shared, so none was opened under other rules. Credentials in the URL are not sent.
 *
 * @throws PermanentError as `resolveChecked` does, RetryableError `time-out`, and Node's own errors.
 */
export async function openRequest(
  url: URL,
  headers: OutgoingHttpHeaders,
  requester: Requester,
  body?: Uint8Array,
): Promise<IncomingMessage> {
  const { connectMs, firstByteMs } = requester.timeouts;
  const deadline = new AbortController();
  const allow = (step: string, ms: number): NodeJS.Timeout =>
    setTimeout(
      () =>
        deadline.abort(new RetryableError('time-out', `${redactUrl(url)}: ${step} took longer than ${ms / 1000} s.`)),
      ms,
    );
  let timer = allow('connecting', connectMs);
  try {
    const signal = AbortSignal.any([requester.signal, deadline.signal]);
    // Name resolution cannot be stopped.
    const addresses = await orAborted(resolveChecked(url, requester.allow, requester.resolve), signal);
    const request = send(url, { headers, body }, addresses, signal);
    whenConnected(request, url, () => {
      clearTimeout(timer);
      timer = allow('waiting for an answer', firstByteMs);
    });
    return await answerOf(request);
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

function send(
  url: URL,
  { headers, body }: { headers: OutgoingHttpHeaders; body: Uint8Array | undefined },
  addresses: readonly string[],
  signal: AbortSignal,
): ClientRequest {
  const target = new URL(url);
  target.username = '';
  target.password = '';
  const options: RequestOptions & Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    lookup: onlyThese(addresses),
    autoSelectFamilyAttemptTimeout: PER_ADDRESS_MS,
    signal,
  };
  const request = url.protocol === 'https:' ? httpsRequest(target, options) : httpRequest(target, options);
  // A connection that breaks behind the headers fails the answer's body; the request tells it a second time.
  request.on('error', () => undefined);
  request.end(body);
  return request;
}

/** A "resolver" that knows the checked addresses and nothing else. Literal addresses never get here: they were checked. */
function onlyThese(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = known;
    if (options.all === true) callback(null, known);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once('response', resolve);
  request.once('error', reject);
  return promise;
}

function whenConnected(request: ClientRequest, url: URL, then: () => void): void {
  request.once('socket', (socket) => socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', then));
}
