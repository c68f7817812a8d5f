/** The fixed vocabulary of the pipeline. Everything that varies by stage, lane or provider is keyed by these. */

/** Priority of a job; lanes are served strictly in this order. */
export const LANES = ['high', 'normal', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

export const TRANSCRIPTION_PROVIDERS = ['whisper', 'openai'] as const;
export type TranscriptionProvider = (typeof TRANSCRIPTION_PROVIDERS)[number];

/** Who a transcript is from: a provider, or the publisher of the episode. */
export const TRANSCRIPT_SOURCES = [...TRANSCRIPTION_PROVIDERS, 'publisher'] as const;

export const SUMMARY_PROVIDERS = ['extractive', 'openai', 'local'] as const;
export type SummaryProviderName = (typeof SUMMARY_PROVIDERS)[number];

/**
 * One work queue, one stream, one deployment: the stage, and for `transcribe` its provider. `webhook` is no stage: what
 * becomes of its jobs never changes an episode.
 */
export const QUEUES = ['download', 'transcribe-whisper', 'transcribe-openai', 'summarize', 'webhook'] as const;
export type Queue = (typeof QUEUES)[number];

export function transcribeQueue(provider: TranscriptionProvider): Queue {
  return `transcribe-${provider}`;
}
