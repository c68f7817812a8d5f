import { z } from 'zod';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Asks replicas to log at another level for a while: core NATS, answered by each that does. */
export const logLevelRequestSchema = z.strictObject({
  v: z.literal(1),
  level: z.enum(LOG_LEVELS),
  service: z.string().max(64).optional().describe('Only replicas of this service; absent: all'),
  seconds: z
    .int()
    .min(1)
    .max(86_400)
    .describe('After this the configured level is back: a forgotten debug fills disks'),
});
export type LogLevelRequest = z.infer<typeof logLevelRequestSchema>;

export const logLevelAnswerSchema = z.strictObject({
  v: z.literal(1),
  service: z.string(),
  host: z.string(),
  pid: z.int(),
  level: z.enum(LOG_LEVELS),
  until: z.iso.datetime(),
});
export type LogLevelAnswer = z.infer<typeof logLevelAnswerSchema>;
