import { z } from 'zod';
import { figuresSchema, wordSchema } from './chunk-transcript.ts';
import { episodeIdSchema } from './episode-id.ts';
import { TRANSCRIPT_SOURCES } from './names.ts';

/** Seconds from the start of the episode, rounded to milliseconds. */
const seconds = z.number().min(0);

/** A stretch of the episode's text. Segments are in order of time and never overlap. */
export const transcriptSegmentSchema = z.strictObject({
  start: seconds,
  end: seconds,
  text: z.string().min(1),
  chunk: z.int().min(0).describe('Index of the chunk it was heard in'),
  words: z.array(wordSchema).optional().describe('Only where the engine timed single words'),
  estimated: z
    .literal(true)
    .optional()
    .describe('The engine gave no times; these are spread by the length of the text'),
});
export type TranscriptSegment = z.infer<typeof transcriptSegmentSchema>;

/**
 * Why sound that may be speech has no text: the engine said that it is another sound, it heard nothing there, or the
 * chunk was given up.
 */
export const GAP_REASONS = ['non-speech', 'no-text', 'chunk-missing'] as const;

export const gapSchema = z.strictObject({ start: seconds, end: seconds, reason: z.enum(GAP_REASONS) });
export type Gap = z.infer<typeof gapSchema>;

/** How much of what sounds like speech has text. */
export const coverageSchema = z.strictObject({
  speechSeconds: seconds.describe('What is not silence, minus what the engine says is music or noise'),
  coveredSeconds: seconds.describe('The part of it that has text'),
  share: z.number().min(0).max(1).describe('coveredSeconds / speechSeconds; 1 where nobody speaks'),
  gaps: z.array(gapSchema),
});
export type Coverage = z.infer<typeof coverageSchema>;

/** The figures of one chunk, and who worked on it. */
const chunkFiguresSchema = z.strictObject({
  ...figuresSchema.shape,
  chunk: z.int().min(0),
  provider: z.enum(TRANSCRIPT_SOURCES),
  model: z.string(),
  attempt: z.int().min(1),
});

/** An episode's transcript: the same chunk transcripts always give the same bytes, so it holds no clock time. */
export const transcriptSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  title: z.string().optional(),
  url: z.string().optional(),
  language: z.string().min(2).describe('ISO 639-1 code most of the text is in; "und" where there is none'),
  seconds: seconds.describe('Length of the episode'),
  providers: z
    .array(z.enum(TRANSCRIPT_SOURCES))
    .describe('Who transcribed its chunks, in alphabetical order; `publisher` where it is the publisher’s own'),
  models: z.array(z.string()).describe('With which models, in alphabetical order'),
  segments: z.array(transcriptSegmentSchema),
  coverage: coverageSchema,
  figures: z.strictObject({
    ...figuresSchema.shape,
    chunks: z.array(chunkFiguresSchema).describe('Silent chunks are not transcribed and have none'),
  }),
  metadata: z.record(z.string(), z.string()).optional().describe("The publisher's, passed through"),
});
export type Transcript = z.infer<typeof transcriptSchema>;
