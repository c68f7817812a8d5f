import { z } from 'zod';
import { episodeCostSchema } from './cost.ts';
import { episodeIdSchema } from './episode-id.ts';
import { episodeRequestSchema } from './episode-request.ts';
import { LANES, QUEUES } from './names.ts';

export const EPISODE_STATUSES = [
  'accepted',
  'downloading',
  'transcribing',
  'summarizing',
  'done',
  'failed',
  'cancelled',
] as const;
export type EpisodeStatus = (typeof EPISODE_STATUSES)[number];

/** One character per chunk, by index: what `watch` draws, and what decides who merges. */
export const CHUNK_PENDING = '.';
export const CHUNK_DONE = '#';
export const CHUNK_DEAD = '!';

const timestamp = z.iso.datetime();

/** Why an episode stands where it stands: shown by `podline status`, equal to the reason on the dead letter. */
export const episodeErrorSchema = z.strictObject({
  queue: z.enum(QUEUES),
  reason: z.string(),
  message: z.string(),
  chunk: z.int().optional(),
  at: timestamp,
});
export type EpisodeError = z.infer<typeof episodeErrorSchema>;

/**
 * The state of one episode, one KV entry, changed by compare-and-set only. It is small and bounded: about 1 KB plus
 * one byte a chunk.
 */
export const episodeStateSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  status: z.enum(EPISODE_STATUSES),
  request: episodeRequestSchema.optional().describe('Absent where the request itself was invalid'),
  lane: z.enum(LANES),
  chunks: z
    .string()
    .regex(/^[.#!]*$/)
    .describe('One character a chunk: "." pending, "#" done, "!" dead; empty before the cut'),
  cut: z.string().max(64).optional().describe('Names the cut the chunks are of'),
  returns: z
    .int()
    .min(0)
    .optional()
    .describe('How often it went back to its download because something stored was lost or unreadable'),
  seconds: z.number().min(0).optional().describe('Length of the audio, in seconds'),
  title: z.string().optional(),
  errors: z.array(episodeErrorSchema).max(20),
  held: episodeErrorSchema.optional().describe('Why it waits although nothing is wrong with it: a budget is used up'),
  cost: episodeCostSchema.optional(),
  trace: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional()
    .describe('W3C traceparent of the trace the episode belongs to'),
  at: z
    .strictObject({
      published: timestamp.optional().describe('By the clock of the NATS server'),
      accepted: timestamp,
      downloaded: timestamp.optional(),
      transcribed: timestamp.optional(),
      bumped: timestamp.optional().describe('Since then its jobs go first'),
      finished: timestamp.optional(),
      changed: timestamp,
    })
    .describe('When the episode reached each state'),
});
export type EpisodeState = z.infer<typeof episodeStateSchema>;
