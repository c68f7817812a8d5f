import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { asError, PermanentError, type PodlineError, RetryableError } from '#shared/errors';
import { retryAfterMs } from '#shared/transcription/api-errors';

/** Money does not come back within seconds, in milliseconds. */
const QUOTA_DELAY_MS = 10 * 60_000;
/** Longest part of an API's own message that is passed on, in characters. */
const EXCERPT = 300;

/** Where a request went, for the advice in messages. */
export interface ChatEndpoint {
  provider: 'openai' | 'local';
  model: string;
  baseURL: string;
  /** Never appears in a message, not even as the API repeats it. */
  apiKey: string;
}

/** What an error of a chat API means for the job. Throttling, an outage and an empty account are no fault of it. */
export function chatError(thrown: unknown, endpoint: ChatEndpoint): PodlineError {
  const { model, baseURL } = endpoint;
  if (thrown instanceof APIConnectionTimeoutError) {
    return new RetryableError('timeout', `The model at ${baseURL} did not answer in time.`);
  }
  if (thrown instanceof APIConnectionError || !(thrown instanceof APIError) || thrown.status === undefined) {
    return new RetryableError(
      'connection',
      `The model at ${baseURL} could not be reached: ${said(rootOf(thrown), endpoint)}`,
    );
  }
  const message = said(thrown, endpoint);
  switch (thrown.status) {
    case 401:
    case 403:
      // The API's own message quotes part of the key.
      return new PermanentError(
        'bad-api-key',
        `${baseURL} refuses the API key (${thrown.status}). ${keyAdvice(endpoint)}`,
      );
    case 404:
      return new PermanentError(
        'unknown-model',
        `${baseURL} knows no model "${model}"${pathAdvice(endpoint)}: ${message}`,
      );
    case 408:
    case 409:
    case 425:
      return new RetryableError('api-busy', `The model could not take the request: ${message}`);
    case 429:
      return throttled(thrown, message);
    default:
      break;
  }
  if (thrown.status >= 500) {
    const delayMs = retryAfterMs(thrown.headers);
    return new RetryableError('api-failed', `The API failed (${thrown.status}): ${message}`, { delayMs });
  }
  const tooLong =
    thrown.code === 'context_length_exceeded' || /context (?:length|size|window)|too many tokens/i.test(message);
  return tooLong
    ? new PermanentError('context-too-small', `The transcript does not fit the context of "${model}": ${message}`)
    : new PermanentError('rejected-by-api', `The API rejects the request (${thrown.status}): ${message}`);
}

function throttled(error: APIError, message: string): RetryableError {
  if ([error.code, error.type].includes('insufficient_quota')) {
    return new RetryableError(
      'quota-exhausted',
      `The account's quota is used up: add credit, or raise the limit. ${message}`,
      {
        delayMs: QUOTA_DELAY_MS,
        blameless: true,
      },
    );
  }
  const delayMs = retryAfterMs(error.headers);
  return new RetryableError('rate-limited', `The API asks to slow down: ${message}`, { delayMs, blameless: true });
}

const keyAdvice = ({ provider }: ChatEndpoint): string =>
  provider === 'openai' ? 'Set OPENAI_API_KEY to a valid key.' : 'Set LOCAL_SUMMARY_API_KEY to a key it accepts.';

/** Ollama and others have their OpenAI-compatible API below /v1 and answer 404 to everything else. */
const pathAdvice = ({ provider, baseURL }: ChatEndpoint): string =>
  provider === 'local' && !/\/v1\/?$/.test(baseURL) ? ', or has its API elsewhere, mostly below /v1' : '';

function said(error: Error, { apiKey }: ChatEndpoint): string {
  const text = apiKey === '' ? error.message : error.message.replaceAll(apiKey, '[key]');
  return text
    .replace(/\bsk-[\w*.-]{4,}/g, '[key]')
    .replace(/\s+/g, ' ')
    .slice(0, EXCERPT);
}

/** The innermost cause: "fetch failed" says nothing, "connect ECONNREFUSED 127.0.0.1:1" does. */
function rootOf(thrown: unknown): Error {
  let error = asError(thrown);
  while (error.cause instanceof Error) error = error.cause;
  return error;
}
