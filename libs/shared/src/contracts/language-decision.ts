import { z } from 'zod';
import { episodeIdSchema } from './episode-id.ts';

const seconds = z.number().min(0);

/** What an engine heard in one place of an episode. */
const languageProbeSchema = z.strictObject({
  start: seconds.describe('From the start of the episode'),
  end: seconds,
  language: z.string().min(2).describe('ISO 639-1 code; "und" where the engine did not say'),
  probability: z.number().min(0).max(1).describe('How sure the engine is of it, 0 to 1'),
});
export type LanguageProbe = z.infer<typeof languageProbeSchema>;

/**
 * The language all chunks of an episode are transcribed in, where nobody named one: decided once, before the first of
 * them, so that they agree wherever they are transcribed.
 */
export const languageDecisionSchema = z.strictObject({
  v: z.literal(1),
  episodeId: episodeIdSchema,
  language: z.string().min(2).describe('ISO 639-1 code; "auto" where no probe told: then each chunk finds its own'),
  share: z.number().min(0).max(1).describe('Part of the probes’ probabilities that is for it'),
  model: z.string().min(1).describe('Model that listened'),
  probes: z.array(languageProbeSchema).describe('In the order they were listened to'),
});
export type LanguageDecision = z.infer<typeof languageDecisionSchema>;
