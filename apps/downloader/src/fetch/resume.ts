import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { isEncoded } from '#shared/http/decoded-body';

/** What is known of the file being fetched, from the answer its bytes began with. */
export interface Version {
  /** A strong entity tag or a date, good for If-Range; undefined when the server gave neither. */
  validator: string | undefined;
  /** Bytes of the whole file; undefined when the server did not say. */
  total: number | undefined;
}

/** Reads the version from an answer with the whole file. */
export function versionOf(headers: IncomingHttpHeaders): Version {
  // Bytes that are decoded here cannot be counted from in a later range.
  if (isEncoded(headers)) return { validator: undefined, total: undefined };
  const { etag } = headers;
  const strong = etag?.startsWith('"') ? etag : undefined;
  return { validator: strong ?? headers['last-modified'], total: contentLength(headers) };
}

/** Headers that ask for the rest of the same version, or for the new one as a whole; RFC 9110, 13.1.5. */
export function resumeHeaders(bytes: number, { validator }: Version): OutgoingHttpHeaders {
  if (bytes === 0 || validator === undefined) return {};
  return { range: `bytes=${bytes}-`, 'if-range': validator };
}

/** Whether a 206 carries on exactly where we stopped, in the same version of the file. */
export function continues(headers: IncomingHttpHeaders, bytes: number, version: Version): boolean {
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  if (range === null || Number(range[1]) !== bytes || isEncoded(headers)) return false;
  const total = range[3] === '*' ? undefined : Number(range[3]);
  if (total !== undefined && version.total !== undefined && total !== version.total) return false;
  const { validator } = version;
  // A server that names another version in its answer ignored our If-Range.
  const named = validator?.startsWith('"') ? headers.etag : headers['last-modified'];
  return named === undefined || named === validator;
}

/** Whether a 416 says that we have every byte there is: the connection broke right behind the last one. */
export function isComplete(headers: IncomingHttpHeaders, bytes: number): boolean {
  return headers['content-range'] === `bytes */${bytes}`;
}

export function contentLength(headers: IncomingHttpHeaders): number | undefined {
  const length = headers['content-length'];
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
}
