import { z } from 'zod';
import { episodeIdSchema } from './episode-id.ts';
import { SUMMARY_PROVIDERS } from './names.ts';

/** Seconds from the start of the episode, rounded to milliseconds. */
const seconds = z.number().min(0);
const count = z.int().min(0);

/** Something the episode says, and when. */
export const keyPointSchema = z.strictObject({ text: z.string().min(1), start: seconds });
export type KeyPoint = z.infer<typeof keyPointSchema>;

/** Begins where a segment of the transcript begins. Chapters are in order of time, no two at the same one. */
export const chapterSchema = z.strictObject({ title: z.string().min(1), start: seconds });
export type Chapter = z.infer<typeof chapterSchema>;

/** Words of the transcript, unchanged, with the time they are said at. */
export const excerptSchema = z.strictObject({ text: z.string().min(1), start: seconds, end: seconds });
export type Excerpt = z.infer<typeof excerptSchema>;

/** One provider of the fallback chain that was asked; the last step is the one that answered. */
export const summaryStepSchema = z.strictObject({
  provider: z.enum(SUMMARY_PROVIDERS),
  model: z.string().min(1).optional(),
  outcome: z.enum(['ok', 'failed']),
  reason: z.string().min(1).optional().describe('Short kebab-case reason of the failure'),
});
export type SummaryStep = z.infer<typeof summaryStepSchema>;

/** What the summary took. Clock times are kept apart, so that everything else of an extractive summary is reproducible. */
const summaryFiguresSchema = z.strictObject({
  parts: count.describe('Pieces the transcript was worked on in; 1 is the whole of it at once, 0 where nobody speaks'),
  calls: count.describe('Answers asked of a model'),
  promptTokens: count,
  completionTokens: count,
  droppedQuotes: count.describe('Quotes a model gave that nobody says in the transcript'),
  droppedNames: count.describe('People and organisations a model gave that the transcript does not mention'),
  measured: z
    .strictObject({
      workSeconds: seconds.describe('Wall-clock time'),
      waitSeconds: seconds.optional().describe('Time calls waited for the rate limiter, summed over all calls'),
    })
    .optional(),
});

/** An episode's summary, in the language it is spoken in. */
export const summarySchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  provider: z.enum(SUMMARY_PROVIDERS).describe('Who wrote it, after any fallback'),
  model: z.string().min(1).optional(),
  language: z.string().min(2).describe('ISO 639-1 code of the transcript; "und" where it is not known'),
  title: z.string().min(1).optional(),
  oneLine: z.string().min(1),
  abstract: z.string().min(1),
  keyPoints: z.array(keyPointSchema),
  chapters: z.array(chapterSchema),
  people: z.array(z.string().min(1)),
  organisations: z.array(z.string().min(1)),
  quotes: z.array(excerptSchema),
  keywords: z.array(z.string().min(1)),
  sentences: z.array(excerptSchema).describe('The sentences an extractive abstract is made of; otherwise empty'),
  steps: z.array(summaryStepSchema).min(1).describe('The providers that were asked, in order'),
  figures: summaryFiguresSchema,
  dollars: z.number().min(0).optional().describe('Cost at list price, in US dollars, where the price is known'),
});
export type Summary = z.infer<typeof summarySchema>;
