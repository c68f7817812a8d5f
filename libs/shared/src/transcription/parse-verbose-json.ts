import type { Segment, Warning } from '#shared/contracts/chunk-transcript';
import { RetryableError } from '#shared/errors';
import { cleanText } from './clean-text.ts';
import { engineAnswerSchema } from './engine-answer.ts';
import { spreadOverSpeech } from './estimate-times.ts';
import { languageCode, UNDETERMINED } from './language.ts';
import { nonSpeechWords, withoutNotes } from './non-speech.ts';
import { readSegments } from './read-segments.ts';
import { splitSentences } from './split-sentences.ts';
import { type Span, toMilliseconds } from './spans.ts';
import { joinWords, splitWords } from './words.ts';

/** An engine's answer, in podline's terms; times in seconds from the start of the chunk, rounded to milliseconds. */
export interface EngineAnswer {
  segments: Segment[];
  /** Code of the language, "und" where the engine did not say. */
  language: string;
  languageProbability?: number;
  /** Tokens the model wrote; a model that reached its limit stopped in the middle. */
  outputTokens?: number;
  /** Tokens the provider counted of the audio and the prompt, where it bills by them. */
  inputTokens?: number;
  /** Seconds of audio the provider counted, where it bills by them. */
  billedSeconds?: number;
  warnings: Warning[];
}

/**
 * Reads an engine's answer for audio of so many seconds. Tolerant of what engines get wrong (missing, negative,
 * unordered times, times outside the audio: repaired and reported as warnings), strict about the form.
 * @param speech stretches of the chunk that are not silence, in seconds: where the words of an answer without times go.
 * @throws RetryableError `invalid-answer` where it is not an answer at all.
 */
export function parseVerboseJson(answer: unknown, seconds: number, speech: readonly Span[] = []): EngineAnswer {
  const parsed = engineAnswerSchema.safeParse(answer);
  if (!parsed.success) {
    const problems = parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`);
    throw new RetryableError('invalid-answer', `The engine's answer is not a transcript. ${problems.join('; ')}`);
  }
  const { data } = parsed;
  const { segments, warnings } = data.segments?.length
    ? readSegments(data.segments, data.words ?? [], seconds)
    : { segments: estimateSegments(cleanText(data.text), seconds, speech), warnings: [] };
  const name = data.language ?? data.languages?.[0]?.code ?? '';
  const language = languageCode(name);
  const probability = data.language_probability ?? data.detected_language_probability;
  return {
    segments,
    language: language ?? UNDETERMINED,
    ...(probability == null ? {} : { languageProbability: Math.min(1, Math.max(0, probability)) }),
    ...(data.usage?.output_tokens == null ? {} : { outputTokens: data.usage.output_tokens }),
    ...(data.usage?.input_tokens == null ? {} : { inputTokens: data.usage.input_tokens }),
    ...(data.usage?.seconds == null ? {} : { billedSeconds: data.usage.seconds }),
    warnings: [...warnings, ...(language === undefined && name.trim() !== '' ? [unknownLanguage(name)] : [])],
  };
}

/** Text without times: one segment a sentence, spread over the time somebody speaks. */
function estimateSegments(text: string, seconds: number, speech: readonly Span[]): Segment[] {
  const words = splitWords(text);
  const silent = nonSpeechWords(words.map((word) => ({ word, segment: 0 })));
  const spoken = words.filter((_, at) => !silent[at]).map(withoutNotes);
  if (spoken.length === 0 && text !== '') return [{ start: 0, end: toMilliseconds(seconds), text, nonSpeech: true }];
  const sentences = splitSentences(spoken).map((sentence) => joinWords(sentence));
  const times = spreadOverSpeech(sentences, speech, seconds);
  return sentences.map((sentence, index) => ({
    start: toMilliseconds(times[index]?.start ?? 0),
    end: toMilliseconds(times[index]?.end ?? seconds),
    text: sentence,
    estimated: true,
  }));
}

function unknownLanguage(name: string): Warning {
  const message = `The engine says the language is "${cleanText(name).slice(0, 40)}", which is not known.`;
  return { reason: 'unknown-language', message };
}
