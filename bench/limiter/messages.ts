import { z } from 'zod';

/** What a worker process is told when it starts, as its only argument. */
export const workerOptionsSchema = z.object({
  natsUrls: z.array(z.string()),
  natsReplicas: z.int(),
  apiBaseUrl: z.string(),
  endpoint: z.string(),
  limits: z.looseObject({}),
  /** Calls this worker wants to make a second. */
  callsPerSecond: z.number(),
  /** Tokens of a call: evenly from 1 to this. */
  maxTokens: z.int(),
  callMs: z.number(),
  /** What this worker's clocks are wrong by, in milliseconds. */
  clockSkewMs: z.number(),
});
export type WorkerOptions = z.infer<typeof workerOptionsSchema>;

/** What a worker sends when it could begin; it waits for `GO` then, so that nobody begins while others still start. */
const workerReadySchema = z.object({ kind: z.literal('ready') });
export const GO = 'go';

/** What a worker sends a few times a second: what happened since the last time. */
export const workerReportSchema = z.object({
  kind: z.literal('report'),
  /** Calls sent: when, by the wall clock of an unskewed process, and how long their permits took, in milliseconds. */
  sent: z.array(z.object({ at: z.number(), waitedMs: z.number() })),
  swaps: z.int(),
  conflicts: z.int(),
  statuses: z.record(z.string(), z.int()),
  late: z.int(),
});
export type WorkerReport = z.infer<typeof workerReportSchema>;

export const workerMessageSchema = z.discriminatedUnion('kind', [workerReadySchema, workerReportSchema]);
