import { z } from 'zod';
import { LANES, SUMMARY_PROVIDERS, TRANSCRIPTION_PROVIDERS } from '#shared/contracts/names';
import { serviceVariables } from './common.ts';
import { DEFAULTS } from './defaults.ts';
import { bytes, integer, list, listOf, positive } from './variables.ts';

/** Variables of the downloader; it also holds the limits an operator sets on what requests may ask for. */
export const downloaderConfigSchema = z.object({
  ...serviceVariables,
  DOWNLOAD_CONCURRENCY: integer(1, 64)
    .default(DEFAULTS.download.concurrency)
    .describe('Episodes one replica works on at once'),
  DOWNLOAD_MAX_ACK_PENDING: integer(1, 100_000)
    .default(DEFAULTS.download.maxAckPending)
    .describe('Episodes the whole cluster downloads at once, per turn of each lane'),
  DOWNLOAD_MAX_BYTES: bytes().default(DEFAULTS.download.maxBytes).describe('Largest file taken'),
  DOWNLOAD_MAX_HOURS: positive(48).default(DEFAULTS.download.maxHours).describe('Longest episode taken, in hours'),
  DOWNLOAD_JOB_SECONDS: integer(60, 86_400)
    .default(DEFAULTS.download.jobSeconds)
    .describe('Longest time one download job may take, in seconds'),
  DOWNLOAD_ALLOW_HOSTS: list()
    .default([])
    .describe('host:port or CIDR entries that may be private addresses; all others must be public'),
  WORK_DIR: z.string().optional().describe('Folder for temporary files; default: the system’s'),
  DEFAULT_PROVIDER: z
    .enum(TRANSCRIPTION_PROVIDERS, { error: 'expected whisper or openai' })
    .default('whisper')
    .describe('Who transcribes when the request does not say'),
  ALLOWED_PROVIDERS: listOf(TRANSCRIPTION_PROVIDERS)
    .default(['whisper', 'openai'])
    .describe('Transcription providers a request may ask for'),
  WHISPER_MODELS: list()
    .default([DEFAULTS.transcribe.whisperModel])
    .describe('Whisper models a request may ask for; the first is the default'),
  OPENAI_TRANSCRIBE_MODELS: list()
    .default([DEFAULTS.transcribe.openaiModel, 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-transcribe'])
    .describe('OpenAI transcription models a request may ask for; the first is the default'),
  DEFAULT_LANGUAGE: z.string().default('auto').describe('Language when the request does not say; auto detects it'),
  WHISPER_CHUNK_SECONDS: integer(30, 1800)
    .default(DEFAULTS.transcribe.whisperChunkSeconds)
    .describe('Target length of a whisper chunk, in seconds'),
  OPENAI_CHUNK_SECONDS: integer(30, 1380)
    .default(DEFAULTS.transcribe.openaiChunkSeconds)
    .describe('Target length of an OpenAI chunk, in seconds; the API takes 1,400 at most'),
  MIN_CHUNK_SECONDS: integer(10, 1800).default(30).describe('Shortest chunk length a request may ask for, in seconds'),
  DEFAULT_SUMMARY_PROVIDER: z
    .enum(SUMMARY_PROVIDERS, { error: `expected one of ${SUMMARY_PROVIDERS.join(', ')}` })
    .default('extractive')
    .describe('Who summarizes when the request does not say'),
  ALLOWED_SUMMARY_PROVIDERS: listOf(SUMMARY_PROVIDERS)
    .default([...SUMMARY_PROVIDERS])
    .describe('Summary providers a request may ask for'),
  ALLOWED_LANES: listOf(LANES)
    .default([...LANES])
    .describe('Lanes a request may ask for'),
});
export type DownloaderConfig = z.output<typeof downloaderConfigSchema>;
