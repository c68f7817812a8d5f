import type { TranscriptionProvider } from './names.ts';

/** The keys of all artifacts: `<episodeId>/...`. Audio is in the audio bucket, everything else in the results bucket. */

const number = (index: number): string => String(index).padStart(4, '0');

/**
 * What belongs to a chunk is filed under its cut (`cutOf`) too: hosts that insert advertisements answer a second download
 * with other audio, and two downloads of one episode must never mix.
 */
export const chunkAudioKey = (episodeId: string, cut: string, index: number, provider: TranscriptionProvider): string =>
  `${audioPrefix(episodeId)}${cut}/${number(index)}.${provider === 'whisper' ? 'flac' : 'ogg'}`;

export const audioPrefix = (episodeId: string): string => `${episodeId}/audio/`;

export const UPLOADS_PREFIX = 'uploads/';

export const uploadKey = (sha256: string): string => UPLOADS_PREFIX + sha256;

export const manifestKey = (episodeId: string): string => `${episodeId}/manifest.json`;

export const chunkTranscriptKey = (episodeId: string, cut: string, index: number): string =>
  `${episodeId}/chunks/${cut}/${number(index)}.json`;

/** The language that was heard in this cut of an episode; nobody asks where the request names one. */
export const languageKey = (episodeId: string, cut: string): string => `${episodeId}/language/${cut}.json`;

export const TRANSCRIPT_FORMATS = ['json', 'txt', 'srt', 'vtt'] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

export const transcriptKey = (episodeId: string, format: TranscriptFormat): string =>
  `${episodeId}/transcript.${format}`;

export const SUMMARY_FORMATS = ['json', 'md'] as const;
export type SummaryFormat = (typeof SUMMARY_FORMATS)[number];

export const summaryKey = (episodeId: string, format: SummaryFormat): string => `${episodeId}/summary.${format}`;

export const chaptersKey = (episodeId: string): string => `${episodeId}/chapters.json`;

/** All that is made of a summary. */
export const summaryKeys = (episodeId: string): string[] => [
  ...SUMMARY_FORMATS.map((format) => summaryKey(episodeId, format)),
  chaptersKey(episodeId),
];
