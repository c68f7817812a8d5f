import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { PermanentError } from '#shared/errors';
import { authorization } from './authorization.ts';
import { openRequest, type Requester } from './open-request.ts';
import { redactUrl } from './redact-url.ts';

/** Podcast measurement services are chained three to five deep; RFC 9110 leaves the limit to the client. */
const MAX_REDIRECTS = 10;
const REDIRECT = new Set([301, 302, 303, 307, 308]);

export interface Answer {
  response: IncomingMessage;
  /** Where it came from in the end. */
  url: URL;
  redirects: number;
}

/**
 * Sends a GET and follows redirects; every hop's address is checked anew. The URL's credentials are sent as basic
 * authentication, and again only to the same origin.
 *
 * @throws PermanentError `bad-redirect`, and what `openRequest` throws.
 */
export async function followRedirects(start: URL, headers: OutgoingHttpHeaders, requester: Requester): Promise<Answer> {
  let url = start;
  const seen = new Set<string>();
  for (;;) {
    seen.add(url.href);
    const response = await openRequest(url, { ...headers, ...authorization(url) }, requester);
    if (!REDIRECT.has(response.statusCode ?? 0)) return { response, url, redirects: seen.size - 1 };
    response.destroy();
    url = nextUrl(response, url);
    if (seen.has(url.href)) throw badRedirect(start, `${redactUrl(url)} is redirected in a circle`);
    if (seen.size > MAX_REDIRECTS)
      throw badRedirect(start, `more than ${MAX_REDIRECTS} redirects, the last to ${redactUrl(url)}`);
  }
}

function nextUrl({ headers, statusCode }: IncomingMessage, from: URL): URL {
  if (headers.location === undefined) throw badRedirect(from, `it answered ${statusCode} without a Location`);
  // Node reads headers as Latin-1; a Location that is not ASCII is UTF-8 in practice.
  const url = URL.parse(Buffer.from(headers.location, 'latin1').toString('utf8'), from.href);
  if (url === null) throw badRedirect(from, 'its Location is not a URL');
  url.hash = '';
  if (url.origin === from.origin && url.username === '' && url.password === '') {
    url.username = from.username;
    url.password = from.password;
  }
  return url;
}

function badRedirect(url: URL, what: string): PermanentError {
  return new PermanentError('bad-redirect', `${redactUrl(url)} cannot be fetched: ${what}.`);
}
