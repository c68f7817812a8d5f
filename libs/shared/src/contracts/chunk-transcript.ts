import { z } from 'zod';
import { callCostSchema } from './cost.ts';
import { episodeIdSchema } from './episode-id.ts';
import { decodingSchema } from './episode-request.ts';
import { TRANSCRIPT_SOURCES } from './names.ts';

/** Seconds, rounded to milliseconds by whoever writes them: engines give 10 ms at best. */
const seconds = z.number().min(0);
const probability = z.number().min(0).max(1);

/** One spoken word with the punctuation that follows it, without spaces around it. */
export const wordSchema = z.strictObject({
  word: z.string().min(1),
  start: seconds,
  end: seconds,
  probability: probability.optional().describe('How sure the engine is of it, 0 to 1'),
});
export type Word = z.infer<typeof wordSchema>;

/** A stretch of text as the engine heard it; times count from the start of the chunk's audio. */
export const segmentSchema = z.strictObject({
  start: seconds,
  end: seconds,
  text: z.string(),
  words: z.array(wordSchema).optional().describe('Only where the engine timed single words'),
  nonSpeech: z.literal(true).optional().describe('The text describes a sound, such as "[MUSIC]"; nobody said it'),
  estimated: z
    .literal(true)
    .optional()
    .describe('The engine gave no times; these are spread by the length of the text'),
  avgLogprob: z.number().optional().describe('Mean log-probability of the tokens; below -1 is poor'),
  noSpeechProb: probability.optional().describe('Probability that nobody speaks'),
  temperature: z.number().min(0).optional().describe('Sampling temperature the text was found with'),
});
export type Segment = z.infer<typeof segmentSchema>;

/** The settings a chunk was decoded with: what was asked for, and what a second try changed. */
export const usedSettingsSchema = z.strictObject({
  ...decodingSchema.shape,
  language: z.string().min(2).describe('ISO 639-1 code that was asked for, or "auto"'),
  prompt: z.string().optional(),
  noContext: z.boolean().optional().describe('Whether the engine was kept from reading its own earlier text'),
  attempt: z.int().min(1).describe('1, or more where an answer was refused as incomplete'),
});
export type UsedSettings = z.infer<typeof usedSettingsSchema>;

/** What the work cost. */
export const figuresSchema = z.strictObject({
  audioSeconds: seconds.describe('Length of the audio'),
  workSeconds: seconds.describe('Wall-clock time the engine took'),
  realTimeFactor: z.number().min(0).describe('workSeconds / audioSeconds: below 1 is faster than listening'),
  peakMemoryBytes: z.int().min(0).optional().describe('Most memory the engine held'),
  cost: callCostSchema.optional().describe('Of the calls of a paid API; absent where there were none'),
});
export type Figures = z.infer<typeof figuresSchema>;

/** Something that is not as it should be, but no reason to refuse the answer. */
export const warningSchema = z.strictObject({
  reason: z.string().min(1).describe('Short kebab-case reason, bounded in number'),
  message: z.string(),
});
export type Warning = z.infer<typeof warningSchema>;

/** What a transcriber leaves behind for one chunk: one JSON object, written once. */
export const chunkTranscriptSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  chunk: z.int().min(0),
  provider: z.enum(TRANSCRIPT_SOURCES),
  engine: z.strictObject({ name: z.string().min(1), version: z.string().optional() }),
  model: z.string().min(1),
  settings: usedSettingsSchema,
  language: z.string().min(2).describe('ISO 639-1 code of what was heard; "und" where the engine did not say'),
  languageProbability: probability.optional(),
  segments: z.array(segmentSchema),
  figures: figuresSchema,
  warnings: z.array(warningSchema),
});
export type ChunkTranscript = z.infer<typeof chunkTranscriptSchema>;

/** The figures of a piece of work. A real-time factor of 0 stands for audio without length. */
export function figuresOf(audioSeconds: number, workSeconds: number, peakMemoryBytes?: number): Figures {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    audioSeconds: round(audioSeconds),
    workSeconds: round(workSeconds),
    realTimeFactor: audioSeconds > 0 ? Math.round((workSeconds / audioSeconds) * 1e4) / 1e4 : 0,
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
  };
}
