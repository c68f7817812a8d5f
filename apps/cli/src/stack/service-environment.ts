import type { CliConfig } from '#shared/config/cli';
import { UsageError } from '../usage-error.ts';

/** Where the local stack's parts are. */
export interface StackPlaces {
  natsUrl: string;
  /** Folder of the models. */
  models: string;
  /** Origin of the server of the sample episode, which the downloader may ask although it is here. */
  exampleOrigin: string;
}

/**
 * Variables of the local stack's services, beside those that are passed on unchanged. What nobody here would do is not
 * allowed, whatever the person allows: better a clear refusal than an episode that waits for ever.
 * @throws UsageError where the person allows nothing of what is there.
 */
export function serviceEnvironment(config: CliConfig, places: StackPlaces): Record<string, string> {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl, PODLINE_WHISPER_SERVER: whisper } = config;
  const paid = key === undefined ? [] : (['openai'] as const);
  const local = config.LOCAL_SUMMARY_BASE_URL === undefined ? [] : (['local'] as const);
  return {
    NATS_URL: places.natsUrl,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    WHISPER_MODELS_DIR: places.models,
    DOWNLOAD_ALLOW_HOSTS: [new URL(places.exampleOrigin).host, ...config.DOWNLOAD_ALLOW_HOSTS].join(','),
    ALLOWED_PROVIDERS: allowed(config, 'ALLOWED_PROVIDERS', ['whisper', ...paid]),
    ALLOWED_SUMMARY_PROVIDERS: allowed(config, 'ALLOWED_SUMMARY_PROVIDERS', ['extractive', ...paid, ...local]),
    ...(key ? { OPENAI_API_KEY: key } : {}),
    ...(local.length > 0 ? localSummaryOf(config) : {}),
    ...(baseUrl ? { OPENAI_BASE_URL: baseUrl } : {}),
    ...(whisper ? { PODLINE_WHISPER_SERVER: whisper } : {}),
  };
}

/** Of what is there, what the person allows: all of it where nothing is said. */
function allowed(
  config: CliConfig,
  name: 'ALLOWED_PROVIDERS' | 'ALLOWED_SUMMARY_PROVIDERS',
  there: readonly string[],
): string {
  const wanted: readonly string[] = config[name] ?? there;
  const both = there.filter((one) => wanted.includes(one));
  if (both.length === 0) {
    throw new UsageError(
      `${name}: expected at least one of ${there.join(', ')} (got "${wanted.join(',')}"): ` +
        'openai needs OPENAI_API_KEY, and local summaries LOCAL_SUMMARY_BASE_URL.',
    );
  }
  return both.join(',');
}

/** The settings of the local summary provider that are set. */
function localSummaryOf(config: CliConfig): Record<string, string> {
  const names = [
    'LOCAL_SUMMARY_BASE_URL',
    'LOCAL_SUMMARY_API_KEY',
    'LOCAL_SUMMARY_MODEL',
    'LOCAL_SUMMARY_CONTEXT_TOKENS',
  ] as const;
  return Object.fromEntries(names.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));
}
