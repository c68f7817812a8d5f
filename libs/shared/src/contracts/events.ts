import { z } from 'zod';
import { episodeIdSchema } from './episode-id.ts';

export const EVENT_TYPES = [
  'accepted',
  'downloaded',
  'chunk-done',
  'transcribed',
  'summarized',
  'budget-reached',
  'failed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One state change of an episode, on `podline.events.<episodeId>.<type>`. Published once: the id is deterministic. */
export const eventSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  type: z.enum(EVENT_TYPES),
  at: z.iso.datetime(),
  chunk: z.int().optional(),
  chunks: z.int().optional(),
  seconds: z.number().optional().describe('Seconds of audio'),
  reason: z.string().optional(),
  message: z.string().optional(),
});
export type PodlineEvent = z.infer<typeof eventSchema>;

/** How far a running job is. Sent a few times a second at most, over core NATS, and never relied on. */
export const progressSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  stage: z.enum(['download', 'normalise', 'cut', 'transcribe', 'summarize']),
  chunk: z.int().optional(),
  done: z.number().min(0).describe('Bytes while downloading, seconds of audio afterwards'),
  total: z.number().min(0).optional().describe('Same unit as done; absent while unknown'),
});
export type Progress = z.infer<typeof progressSchema>;
