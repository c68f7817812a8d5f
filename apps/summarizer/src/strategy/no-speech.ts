import type { SummaryProviderName } from '#shared/contracts/names';
import type { SummaryDraft } from '../summary-provider.ts';
import type { TranscriptInput } from '../transcript-input.ts';

/** Whether anybody says anything: one letter or digit in any script is enough. */
export function hasSpeech(input: TranscriptInput): boolean {
  return input.segments.some((segment) => /[\p{L}\p{N}]/u.test(segment.text));
}

/** The summary of silence, the same from every provider: it needs no model, and asking one would invite inventions. */
export function noSpeechSummary(provider: SummaryProviderName, input: TranscriptInput, model?: string): SummaryDraft {
  return {
    provider,
    ...(model === undefined ? {} : { model }),
    language: input.language,
    ...(input.title === undefined || input.title === '' ? {} : { title: input.title }),
    oneLine: 'No speech.',
    abstract: 'Nobody speaks in this episode, or nothing of it could be understood.',
    keyPoints: [],
    chapters: [],
    people: [],
    organisations: [],
    quotes: [],
    keywords: [],
    sentences: [],
    figures: { parts: 0, calls: 0, promptTokens: 0, completionTokens: 0, droppedQuotes: 0, droppedNames: 0 },
  };
}
