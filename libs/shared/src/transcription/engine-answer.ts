import { z } from 'zod';

const number = z.number().nullish();

const engineWordSchema = z.object({ word: z.string(), start: number, end: number, probability: number });
export type EngineAnswerWord = z.infer<typeof engineWordSchema>;

const engineSegmentSchema = z.object({
  text: z.string(),
  start: number,
  end: number,
  words: z
    .array(engineWordSchema)
    .nullish()
    .describe('whisper.cpp: tokens; a token that begins a word begins with a space'),
  avg_logprob: number,
  no_speech_prob: number,
  temperature: number,
});
export type EngineAnswerSegment = z.infer<typeof engineSegmentSchema>;

/**
 * What whisper.cpp's server and OpenAI's API answer (verbose_json, json, diarized_json), as far as it is read; times in
 * seconds from the start of the audio. Unknown fields are ignored, a known one of the wrong type is not.
 */
export const engineAnswerSchema = z.object({
  text: z.string(),
  language: z.string().nullish(),
  languages: z.array(z.object({ code: z.string() })).nullish(),
  language_probability: number,
  detected_language_probability: number,
  segments: z.array(engineSegmentSchema).nullish(),
  words: z.array(engineWordSchema).nullish().describe('OpenAI: whole words without punctuation, beside the segments'),
  usage: z.object({ input_tokens: number, output_tokens: number, seconds: number }).nullish(),
});
