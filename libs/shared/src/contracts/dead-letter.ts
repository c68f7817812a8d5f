import { z } from 'zod';
import { QUEUES } from './names.ts';

/** A job nobody could do, kept until somebody drops or replays it. */
export const deadLetterSchema = z.strictObject({
  v: z.literal(1),
  queue: z.enum(QUEUES),
  jobKey: z.string().describe('Names the job inside its queue: the last part of the letter’s subject'),
  episodeId: z.string().optional(),
  chunk: z.int().optional(),
  reason: z.string(),
  message: z.string().describe('The last error'),
  firstMessage: z.string().optional().describe('The first error, where it was another'),
  deliveries: z.int().min(1),
  host: z.string(),
  at: z.iso.datetime(),
  original: z.strictObject({
    subject: z.string(),
    headers: z.record(z.string(), z.array(z.string())),
    data: z.string().describe('The message as it was, base64'),
    truncated: z
      .literal(true)
      .optional()
      .describe('The message was too large for a letter: only its beginning is kept, and it can’t be replayed'),
  }),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
