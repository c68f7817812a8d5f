import { z } from 'zod';

const limitsSchema = z.object({
  requestsPerMinute: z.int().positive(),
  tokensPerMinute: z.int().positive(),
  maxConcurrent: z.int().positive(),
});

/** What one process measures. */
export const measurementSchema = z.object({
  provider: z.enum(['extractive', 'openai', 'local']),
  /** Parts at once. */
  parallelism: z.int().positive(),
  /** Of the made-up episode. */
  hours: z.number().positive(),
  /** Context of the model, in tokens; the default model's where unset. */
  contextTokens: z.int().positive().optional(),
  /** Summaries one after another in the same process. */
  repeat: z.int().positive().default(1),
  /** Base URL of the chat API. */
  api: z.string().optional(),
  /** The cluster-wide limiter; without it only the number of calls at once is limited, to 64. */
  limiter: z
    .object({ nats: z.string(), endpoint: z.string(), limits: limitsSchema, windowMs: z.int().positive() })
    .optional(),
});
export type Measurement = z.input<typeof measurementSchema>;
export type Limits = z.output<typeof limitsSchema>;

/** One summary. */
export const measuredSchema = z.object({
  seconds: z.number(),
  /** Processor time of the process, all threads: what is left to compare by on a busy machine. */
  cpuSeconds: z.number(),
  /** Largest resident set of the process so far, and before the first summary; megabytes of 10^6 bytes. */
  peakMegabytes: z.number(),
  idleMegabytes: z.number(),
  parts: z.number(),
  calls: z.number(),
  promptTokens: z.number(),
  /** Time calls waited for permits, added up. */
  waitSeconds: z.number(),
});
export type Measured = z.output<typeof measuredSchema>;
