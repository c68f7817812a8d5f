import { createHash } from 'node:crypto';
import { z } from 'zod';
import { normaliseUrl } from './episode-id.ts';
import { episodeOptionsSchema, episodeRequestSchema, httpUrl } from './episode-request.ts';
import { LANES } from './names.ts';

/** 12 hexadecimal digits of the feed's address: the same feed cannot be added twice. */
const feedIdSchema = z.string().regex(/^[a-f0-9]{12}$/, 'expected 12 hexadecimal digits');

export function feedIdOf(url: string): string {
  return createHash('sha256').update(normaliseUrl(url)).digest('hex').slice(0, 12);
}

const timestamp = z.iso.datetime();

/** Which of a feed's episodes are taken. */
export const feedSelectionSchema = z.strictObject({
  latest: z
    .int()
    .min(0)
    .max(999_999)
    .optional()
    .describe('How many of those that were there when the feed was added; 1 unless given, all where since or match is'),
  since: timestamp.optional().describe('Of those that were there when the feed was added, the ones from then on'),
  match: z.string().min(1).max(200).optional().describe('Words the title has to contain, always; case does not matter'),
});
export type FeedSelection = z.infer<typeof feedSelectionSchema>;

/** What every episode of the feed is published with. */
export const feedSettingsSchema = z.strictObject({
  lane: z.enum(LANES).optional(),
  webhook: episodeRequestSchema.shape.webhook,
  options: episodeOptionsSchema.default({}),
});
export type FeedSettings = z.infer<typeof feedSettingsSchema>;

/** Where the polling of a feed stands. */
export const feedPollSchema = z.strictObject({
  primed: z.boolean().describe('What was in the feed when it was added has been dealt with'),
  next: timestamp.describe('When it is polled again'),
  at: timestamp.optional().describe('When it was polled last'),
  etag: z.string().max(1024).optional(),
  lastModified: z.string().max(200).optional(),
  items: z.int().min(0).optional().describe('Episodes in the feed'),
  published: z.int().min(0).describe('Episodes published since it was added'),
  failures: z.int().min(0).describe('Polls that failed, since the last that did not'),
  error: z.strictObject({ reason: z.string(), message: z.string() }).optional().describe('Of the last poll'),
});
export type FeedPoll = z.infer<typeof feedPollSchema>;

/** One feed podline follows: a KV entry, changed by compare-and-set. Its URL may hold the credentials of a private feed. */
export const feedSchema = z.strictObject({
  v: z.literal(1),
  feedId: feedIdSchema,
  url: httpUrl,
  title: z.string().max(500).optional(),
  language: z.string().max(40).optional().describe('As the feed says it'),
  added: timestamp,
  everySeconds: z.int().min(60).max(2_592_000).describe('How often it is polled, in seconds'),
  select: feedSelectionSchema,
  settings: feedSettingsSchema,
  poll: feedPollSchema,
});
export type Feed = z.infer<typeof feedSchema>;
