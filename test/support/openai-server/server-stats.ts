import type { Dimension } from './server-limits.ts';

/** One request that arrived with a valid key. */
export interface Arrival {
  path: string;
  /** Milliseconds since 1970, by the server's clock. */
  at: number;
  /** What the header `x-sent-at` said, for a bench that measures the way; undefined without one. */
  sentAt?: number;
  tokens: number;
  audioSeconds: number;
  /** 0 until it is answered, and for ever when the answer was a hang or a cut connection. */
  status: number;
}

export interface ServerStats {
  /** Requests that arrived with a valid key. */
  requests: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Requests refused because they went over one of the server's own limits. */
  overLimit: Record<Dimension | 'concurrent', number>;
  /** The most in any sliding window of `limits.windowMs`, refused requests included. */
  mostInAnyWindow: Record<Dimension, number>;
  mostConcurrent: number;
  arrivals: Arrival[];
}
