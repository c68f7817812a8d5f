import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { SECOND } from '#shared/config/defaults';
import { PermanentError, RetryableError } from '#shared/errors';
import type { AllowList } from './allow-list.ts';
import { decodedBody } from './decoded-body.ts';
import { followRedirects } from './follow-redirects.ts';
import { networkError } from './network-errors.ts';
import { redactUrl } from './redact-url.ts';
import { type Resolve, systemResolve } from './resolve-checked.ts';
import { statusError } from './status-error.ts';

/** How long each step may take, in milliseconds. */
const TIMEOUTS = { connectMs: 15 * SECOND, firstByteMs: 30 * SECOND };
/** The whole of it, with all redirects. */
const TOTAL_MS = 120 * SECOND;

export interface DocumentRequest {
  /** Accept, If-None-Match and the like. */
  headers: OutgoingHttpHeaders;
  /** Largest document taken, in bytes, unpacked. */
  maxBytes: number;
  /** Hosts that may be private addresses; all others must be public. */
  allow: AllowList;
  signal: AbortSignal;
  /** By default the system's. */
  resolve?: Resolve;
}

export interface FetchedDocument {
  bytes: Uint8Array;
  headers: IncomingHttpHeaders;
  /** Where it came from, after all redirects. */
  finalUrl: string;
}

/**
 * Fetches a small document into memory, once, from public addresses only; the caller tries again where it wants to.
 * @returns `not-modified` for a 304.
 * @throws PermanentError as `fetchToFile` does, `too-large`; RetryableError `connection-failed`, `time-out`,
 *   `server-error`, `throttled`.
 */
export async function fetchDocument(
  url: string,
  { headers, maxBytes, allow, signal, resolve = systemResolve }: DocumentRequest,
): Promise<FetchedDocument | 'not-modified'> {
  const start = URL.parse(url);
  if (start === null) throw new PermanentError('invalid-url', `"${redactUrl(url)}" is not a URL.`);
  const total = AbortSignal.timeout(TOTAL_MS);
  const requester = { allow, resolve, timeouts: TIMEOUTS, signal: AbortSignal.any([signal, total]) };
  try {
    const asked = { 'user-agent': 'podline', 'accept-encoding': 'gzip, br', ...headers };
    const { response, url: final } = await followRedirects(start, asked, requester);
    if (response.statusCode === 304) {
      response.destroy();
      return 'not-modified';
    }
    const failure = statusError(response, final);
    if (failure !== undefined) {
      response.destroy();
      throw failure;
    }
    const body = decodedBody(response);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of body.stream as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > maxBytes || body.isBomb(size)) {
        body.stream.destroy();
        response.destroy();
        throw new PermanentError('too-large', `${redactUrl(final)} is larger than ${maxBytes} bytes.`);
      }
      parts.push(part);
    }
    return { bytes: Buffer.concat(parts), headers: response.headers, finalUrl: final.href };
  } catch (error) {
    if (total.aborted && !signal.aborted)
      throw new RetryableError('time-out', `${redactUrl(start)} took longer than ${TOTAL_MS / SECOND} s.`);
    throw networkError(error, start);
  }
}
