import { MINUTE, SECOND } from '#shared/config/defaults';
import type { RequestTimeouts } from '#shared/http/open-request';

/** How long each step of a download may take, in milliseconds. */
export interface FetchTimeouts extends RequestTimeouts {
  /** Between two pieces of the body. */
  idleMs: number;
  /** The whole download, with all redirects and retries. */
  totalMs: number;
}

/** What a download does about a server that fails for the moment. */
export interface FetchRetries {
  /** Tries without any progress between them; a try that resumed and brought bytes starts the count anew. */
  attempts: number;
  /** First and longest delay between tries, in milliseconds. */
  baseMs: number;
  capMs: number;
  /** Longest Retry-After that is waited for here; a longer one is left to the queue, in milliseconds. */
  retryAfterCapMs: number;
}

export interface FetchLimits {
  /** Largest file taken, in bytes. */
  maxBytes: number;
  /** `host:port` or CIDR entries that may be private addresses; all others must be public. */
  allowHosts: readonly string[];
  /** What the servers are told about us. */
  userAgent?: string;
  timeouts?: Partial<FetchTimeouts>;
  retries?: Partial<FetchRetries>;
}

export const DEFAULT_USER_AGENT = 'podline';

export const DEFAULT_TIMEOUTS: FetchTimeouts = {
  connectMs: 15 * SECOND,
  firstByteMs: 30 * SECOND,
  idleMs: 30 * SECOND,
  totalMs: 30 * MINUTE,
};

export const DEFAULT_RETRIES: FetchRetries = {
  attempts: 5,
  baseMs: SECOND / 2,
  capMs: 10 * SECOND,
  retryAfterCapMs: 30 * SECOND,
};
