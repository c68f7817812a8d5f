import type { JobIdentity } from '#shared/contracts/job-identity';
import type { Lane, Queue } from '#shared/contracts/names';
import type { Turn } from '#shared/contracts/turn';
import type { Log } from '#shared/observability/log';

/** What a handler knows of its delivery besides the message. */
export interface JobContext {
  readonly queue: Queue;
  readonly lane: Lane;
  /** The part of the lane the job was taken from. */
  readonly turn: Turn;
  readonly identity: JobIdentity;
  /** Counts from 1. */
  readonly delivery: number;
  /** Place in the queue's stream: unique, so good for ids that must differ between two publishes. */
  readonly streamSequence: number;
  /** When the job was published, by the server's clock, as ISO 8601. */
  readonly publishedAt: string;
  /** Aborted when the job must end: its ceiling, or the service's shutdown. */
  readonly signal: AbortSignal;
  readonly log: Log;
}
