/** A delay longer than a day says that the server does not mean it. */
const MOST_MS = 24 * 3600 * 1000;

/**
 * The delay a Retry-After header asks for, in milliseconds, at most a day: RFC 9110, 10.2.3, seconds or an HTTP date.
 * @returns undefined where there is none or it cannot be read.
 */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const delay = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(delay) ? undefined : Math.min(Math.max(0, delay), MOST_MS);
}
