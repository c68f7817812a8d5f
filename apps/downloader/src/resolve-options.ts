import type { DownloaderConfig } from '#shared/config/downloader';
import type { EpisodeRequest } from '#shared/contracts/episode-request';
import type { ResolvedOptions } from '#shared/contracts/manifest';
import type { Lane, TranscriptionProvider } from '#shared/contracts/names';
import { PermanentError } from '#shared/errors';
import { requestedLanguage } from '#shared/transcription/language';
import { transcriptionModel } from '#shared/transcription/openai-models';

/** The part of the configuration that limits what requests may ask for. */
export type RequestLimits = Pick<
  DownloaderConfig,
  | 'DEFAULT_PROVIDER'
  | 'ALLOWED_PROVIDERS'
  | 'WHISPER_MODELS'
  | 'OPENAI_TRANSCRIBE_MODELS'
  | 'DEFAULT_LANGUAGE'
  | 'WHISPER_CHUNK_SECONDS'
  | 'OPENAI_CHUNK_SECONDS'
  | 'MIN_CHUNK_SECONDS'
  | 'DEFAULT_SUMMARY_PROVIDER'
  | 'ALLOWED_SUMMARY_PROVIDERS'
  | 'ALLOWED_LANES'
>;

/**
 * Completes a request's options with the operator's defaults.
 * @throws PermanentError `option-refused` naming the option, its value, and what is allowed.
 */
export function resolveOptions(request: EpisodeRequest, lane: Lane, limits: RequestLimits): ResolvedOptions {
  const { options } = request;
  const provider = allowed('provider', options.provider ?? limits.DEFAULT_PROVIDER, limits.ALLOWED_PROVIDERS);
  const model = resolveModel(provider, options.model, limits);
  const summaryProvider = options.summary?.provider ?? limits.DEFAULT_SUMMARY_PROVIDER;
  return {
    provider,
    model,
    language: resolveLanguage(options.language ?? limits.DEFAULT_LANGUAGE, provider, model),
    ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
    chunkSeconds: resolveChunkSeconds(provider, model, options.chunkSeconds, limits),
    decoding: options.decoding ?? {},
    lane: allowed('lane', lane, limits.ALLOWED_LANES),
    summary: {
      provider: allowed('summary.provider', summaryProvider, limits.ALLOWED_SUMMARY_PROVIDERS),
      ...(options.summary?.model === undefined ? {} : { model: options.summary.model }),
      ...(options.summary?.sentences === undefined ? {} : { sentences: options.summary.sentences }),
    },
  };
}

function allowed<T extends string>(option: string, value: T, known: readonly string[]): T {
  if (known.includes(value)) return value;
  throw new PermanentError(
    'option-refused',
    `options.${option}: "${value}" is not allowed here; allowed: ${known.join(', ')}.`,
  );
}

function resolveModel(provider: TranscriptionProvider, wanted: string | undefined, limits: RequestLimits): string {
  const models = provider === 'whisper' ? limits.WHISPER_MODELS : limits.OPENAI_TRANSCRIBE_MODELS;
  const model = wanted ?? models[0];
  if (model === undefined)
    throw new PermanentError('option-refused', `options.model: no model is configured for "${provider}".`);
  return allowed('model', model, models);
}

/** English-only whisper models can't detect or speak anything else: say so instead of writing nonsense. */
function resolveLanguage(wanted: string, provider: TranscriptionProvider, model: string): string {
  const language = requestedLanguage(wanted);
  if (provider !== 'whisper' || !/\.en(-|$)/.test(model)) return language;
  if (language === 'auto' || language === 'en') return 'en';
  throw new PermanentError(
    'option-refused',
    `options.language: the whisper model "${model}" knows only English, not "${wanted}". Ask for a multilingual model.`,
  );
}

/** OpenAI's models differ in how much they take, or write, at once: a longer chunk would be refused or cut off in silence. */
function resolveChunkSeconds(
  provider: TranscriptionProvider,
  model: string,
  wanted: number | undefined,
  limits: RequestLimits,
): number {
  const longest = provider === 'whisper' ? 1800 : transcriptionModel(model).chunkSeconds;
  const usual = provider === 'whisper' ? limits.WHISPER_CHUNK_SECONDS : limits.OPENAI_CHUNK_SECONDS;
  const seconds = wanted ?? Math.min(usual, longest);
  if (seconds >= limits.MIN_CHUNK_SECONDS && seconds <= longest) return seconds;
  throw new PermanentError(
    'option-refused',
    `options.chunkSeconds: ${seconds} is not between ${limits.MIN_CHUNK_SECONDS} and ${longest} seconds, which "${model}" takes.`,
  );
}
