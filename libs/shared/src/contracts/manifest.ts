import { createHash } from 'node:crypto';
import { z } from 'zod';
import { episodeIdSchema } from './episode-id.ts';
import { episodeRequestSchema } from './episode-request.ts';
import { LANES, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from './names.ts';
import { decodingSchema } from './episode-request.ts';

/** Sample rate of all audio inside podline, in Hz: what whisper works on. */
export const SAMPLE_RATE = 16_000;

/** A chunk of the normalised audio; positions count samples at 16 kHz, so that offsets are exact. */
export const chunkPlanSchema = z.strictObject({
  index: z.int().min(0),
  startSample: z.int().min(0).describe('First sample of the audio handed to the engine'),
  endSample: z.int().min(1).describe('One past the last sample'),
  cutSample: z
    .int()
    .min(0)
    .describe('Where this chunk begins to be responsible; after startSample only where chunks overlap'),
  silent: z.boolean().describe('No speech-like sound in it: not transcribed'),
});
export type ChunkPlan = z.infer<typeof chunkPlanSchema>;

/** What the request asked for, completed with the operator's defaults and checked against the operator's limits. */
export const resolvedOptionsSchema = z.strictObject({
  provider: z.enum(TRANSCRIPTION_PROVIDERS),
  model: z.string().min(1),
  language: z.string().min(2),
  prompt: z.string().optional(),
  chunkSeconds: z.number().positive(),
  decoding: decodingSchema,
  lane: z.enum(LANES),
  summary: z.strictObject({
    provider: z.enum(SUMMARY_PROVIDERS),
    model: z.string().min(1).optional(),
    sentences: z.int().min(1).optional(),
  }),
});
export type ResolvedOptions = z.infer<typeof resolvedOptionsSchema>;

/** A transcript of the publisher that was looked at. */
export const publisherTranscriptSchema = z.strictObject({
  url: z.string().min(1),
  type: z.string().describe('Media type as the feed says'),
  refused: z
    .strictObject({ reason: z.string().min(1), message: z.string() })
    .optional()
    .describe('Why it was not taken'),
});
export type PublisherTranscript = z.infer<typeof publisherTranscriptSchema>;

/** What the downloader leaves behind besides the chunks' audio: everything later stages must know of the episode. */
export const manifestSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  request: episodeRequestSchema,
  options: resolvedOptionsSchema,
  source: z.strictObject({
    bytes: z.int().min(1),
    sha256: z.string(),
    contentType: z.string().optional(),
    codec: z.string(),
    channels: z.int().min(1),
    sampleRate: z.int().min(1),
    container: z.string(),
    title: z.string().optional(),
  }),
  publisherTranscripts: z
    .array(publisherTranscriptSchema)
    .optional()
    .describe(
      'Those that were looked at; where the last was not refused, it is the one chunk, and `source` describes it',
    ),
  samples: z.int().min(1).describe('Length of the normalised audio, in samples at 16 kHz'),
  speech: z
    .array(z.tuple([z.number(), z.number()]))
    .describe('Stretches that are not silence: start and end, in seconds'),
  chunks: z.array(chunkPlanSchema).min(1),
});
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Names how an episode is cut: 12 hexadecimal digits that follow from the source's bytes and the chunks' places. The same
 * download cut the same way has the same name, so that what was transcribed of it is found again.
 */
export function cutOf({ source, chunks }: Pick<Manifest, 'source' | 'chunks'>): string {
  const places = chunks.map(({ startSample, endSample }) => `${startSample}-${endSample}`);
  return createHash('sha256')
    .update([source.sha256, ...places].join('\n'))
    .digest('hex')
    .slice(0, 12);
}

/** Seconds of one chunk's audio. */
export function chunkSeconds(chunk: ChunkPlan): number {
  return (chunk.endSample - chunk.startSample) / SAMPLE_RATE;
}
