import { z } from 'zod';
import { episodeIdSchema } from './episode-id.ts';
import { decodingSchema, episodeRequestSchema, httpUrl } from './episode-request.ts';
import { eventSchema } from './events.ts';
import { LANES, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from './names.ts';

/** How an episode is cut, as `cutOf` names it; it is part of keys, so nothing else passes. */
const cutSchema = z.string().regex(/^[0-9a-f]{12}$/, 'expected 12 hexadecimal digits');

/** Transcribe one chunk. Self-contained: a transcriber needs the manifest only to merge. */
export const transcribeJobSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  lane: z.enum(LANES),
  cut: cutSchema.describe('Names the cut the chunk is of: a job of an earlier download is of no use any more'),
  chunk: z.int().min(0).describe('Index of the chunk, from 0'),
  chunks: z.int().min(1).describe('Chunks of the episode'),
  seconds: z.number().min(0).describe('Length of the chunk, in seconds'),
  speech: z
    .array(z.tuple([z.number().min(0), z.number().min(0)]))
    .describe('Stretches that are not silence: start and end in seconds, from the start of the chunk'),
  audio: z.string().min(1).describe('Key of the audio in the audio bucket'),
  provider: z.enum(TRANSCRIPTION_PROVIDERS),
  model: z.string().min(1),
  language: z.string().min(2).describe('ISO 639-1 code, or "auto"'),
  prompt: z.string().optional(),
  decoding: decodingSchema,
  fallback: z.boolean().optional().describe('Another provider has tried it before: nobody is asked after this one'),
});
export type TranscribeJob = z.infer<typeof transcribeJobSchema>;

/** Summarize one merged transcript. */
export const summarizeJobSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  lane: z.enum(LANES),
  provider: z.enum(SUMMARY_PROVIDERS),
  model: z.string().min(1).optional(),
  sentences: z.int().min(1).optional(),
  replaces: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
    .optional()
    .describe('SHA-256 of the summary that is made anew; it stands until then, and any other that is found stays'),
});
export type SummarizeJob = z.infer<typeof summarizeJobSchema>;

/** Deliver one event to one URL. */
export const webhookJobSchema = z.strictObject({
  v: z.literal(1),
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"')
    .describe('The same whenever this event goes to this URL: receivers drop repetitions by it'),
  episodeId: episodeIdSchema,
  url: httpUrl.optional().describe('Where to; absent: the operator’s WEBHOOK_URL, which may hold credentials'),
  event: eventSchema,
  about: episodeRequestSchema
    .pick({ title: true, feed: true, guid: true, metadata: true })
    .extend({ url: z.string() })
    .optional()
    .describe('Which episode it is, in its publisher’s words'),
});
export type WebhookJob = z.infer<typeof webhookJobSchema>;
