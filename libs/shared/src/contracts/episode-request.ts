import { z } from 'zod';
import { episodeIdSchema } from './episode-id.ts';
import { LANES, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from './names.ts';
import { MAX_AHEAD_SECONDS } from './turn.ts';
import { uploadUrlSchema } from './upload-url.ts';

/** Longest URL taken, in characters. */
const MAX_URL = 4096;

/** An absolute http(s) URL. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an absolute http or https URL' })
  .max(MAX_URL, `expected at most ${MAX_URL} characters`);

/** How whisper decodes; every field optional, bounds as whisper.cpp accepts them. */
export const decodingSchema = z.strictObject({
  temperature: z.number().min(0).max(1).optional().describe('Sampling temperature, 0 is greedy'),
  temperatureIncrement: z.number().min(0).max(1).optional().describe('Added on each fallback; 0 turns fallback off'),
  beamSize: z.int().min(1).max(8).optional().describe('Beams searched; 1 is greedy'),
  bestOf: z.int().min(1).max(8).optional().describe('Candidates kept when the temperature is above 0'),
});

/** What one episode may ask for. The operator's configuration says which values are allowed. */
export const episodeOptionsSchema = z.strictObject({
  provider: z.enum(TRANSCRIPTION_PROVIDERS).optional().describe('Who transcribes'),
  model: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}$/, 'expected a model name')
    .optional()
    .describe('Model of the transcription provider'),
  language: z.string().min(2).max(30).optional().describe('ISO 639-1 code or English name, or "auto"'),
  prompt: z
    .string()
    .max(1000)
    .optional()
    .describe('Vocabulary: names and terms the engine should know, 1,000 characters'),
  chunkSeconds: z.number().positive().optional().describe('Target length of a chunk, in seconds'),
  decoding: decodingSchema.optional(),
  alwaysTranscribe: z.boolean().optional().describe('Transcribe although the publisher offers a transcript'),
  summary: z
    .strictObject({
      provider: z.enum(SUMMARY_PROVIDERS).optional().describe('Who summarizes'),
      model: z.string().min(1).max(100).optional(),
      sentences: z.int().min(1).max(50).optional().describe('Length of an extractive abstract, in sentences'),
    })
    .optional(),
});
export type EpisodeOptions = z.infer<typeof episodeOptionsSchema>;

/** What is stored with the episode must not open doors. */
function namesNobody(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.username === '' && parsed.password === '';
}

/** A transcript the publisher offers: `podcast:transcript` of the feed. */
const offeredTranscriptSchema = z.strictObject({
  url: httpUrl,
  type: z.string().max(100).describe('Media type: application/json, application/srt, text/vtt, text/html, text/plain'),
  language: z.string().max(30).optional(),
});

/** Metadata is the publisher's: kept, passed through to the transcript, never read. At most 32 entries. */
const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(1024))
  .refine((entries) => Object.keys(entries).length <= 32, 'expected at most 32 entries');

/**
 * The public message: publish it as JSON to `podline.episodes`. Only `url` is required.
 * Unknown fields are refused, so that a misspelt option is an error and not a surprise.
 */
export const episodeRequestSchema = z.strictObject({
  v: z.literal(1, { error: 'expected 1, the only version of this message' }).default(1),
  url: z.union([uploadUrlSchema, httpUrl]).describe('Where the audio is'),
  id: episodeIdSchema.optional().describe('Your own id; otherwise derived from feed and guid, or from the URL'),
  feed: httpUrl.optional().describe('URL of the feed the episode is from'),
  guid: z.string().min(1).max(1024).optional().describe("The feed's guid of the episode"),
  title: z.string().max(500).optional(),
  publishedAt: z.iso.datetime({ offset: true }).optional().describe('ISO 8601 date and time'),
  seconds: z.number().positive().max(604_800).optional().describe('Length of the episode as its feed says, in seconds'),
  ahead: z
    .number()
    .min(0)
    .max(MAX_AHEAD_SECONDS)
    .optional()
    .describe('Seconds of audio its feed or batch has sent before it: the more, the later its turn'),
  transcripts: z
    .array(offeredTranscriptSchema)
    .max(10)
    .optional()
    .describe('What the publisher offers: one that holds up is taken, and no audio transcribed'),
  lane: z.enum(LANES).optional().describe('Priority after the download; by default that of the subject'),
  options: episodeOptionsSchema.default({}),
  webhook: httpUrl
    .refine(namesNobody, 'expected a URL without user name and password; webhooks are signed instead')
    .optional()
    .describe('Told when the episode is done or has failed'),
  metadata: metadataSchema.optional().describe('Passed through to the transcript'),
});
export type EpisodeRequest = z.output<typeof episodeRequestSchema>;
