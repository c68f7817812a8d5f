import { APIConnectionError, APIError } from 'openai';
import { asError, PermanentError, type PodlineError, RetryableError } from '#shared/errors';
import { cleanText } from './clean-text.ts';

/** Money does not come back within seconds: a job waits this long before it asks again, in milliseconds. */
const QUOTA_DELAY_MS = 5 * 60_000;
/** A server that asks for more patience than this is asked earlier all the same, in milliseconds. */
const MAX_DELAY_MS = 60 * 60_000;
/** Longest part of an API's own message that is passed on, in characters. */
const EXCERPT = 300;

/**
 * What an error of the transcription API means for the job: refused input and a bad key are permanent, everything that
 * may be different next time is retryable. Being throttled is no fault of the job and never dead-letters it.
 * @param secret the API key; it never appears in the message, not even as the API repeats it.
 */
export function apiError(thrown: unknown, model: string, secret: string): PodlineError {
  if (thrown instanceof APIConnectionError || !(thrown instanceof APIError) || thrown.status === undefined) {
    return new RetryableError(
      'connection',
      `The transcription API could not be reached: ${said(rootOf(thrown), secret)}`,
    );
  }
  const message = said(thrown, secret);
  switch (thrown.status) {
    case 401:
    case 403:
      return new PermanentError(
        'bad-api-key',
        `The API refuses the key (${message}). Set OPENAI_API_KEY to a valid one.`,
      );
    case 404:
      return new PermanentError(
        'unknown-model',
        `The API knows no model "${model}", or has no transcriptions at this URL (${message}).`,
      );
    case 413:
      return new PermanentError(
        'audio-too-large',
        `The API refuses audio of this size (${message}). Use shorter chunks.`,
      );
    case 408:
    case 409:
    case 425:
      return new RetryableError('api-busy', `The API could not take the request (${message}).`);
    case 429:
      return throttled(thrown, message);
    default:
      return thrown.status >= 500 || thrown.status === 499
        ? new RetryableError('api-failed', `The API failed (${message}).`, { delayMs: retryAfterMs(thrown.headers) })
        : new PermanentError('rejected-by-api', `The API rejects the request (${message}).`);
  }
}

function throttled(error: APIError, message: string): RetryableError {
  const isQuota = [error.code, error.type].includes('insufficient_quota');
  if (isQuota) {
    const advice = "The account's quota is used up: add credit, or raise the limit.";
    return new RetryableError('quota-exhausted', `${advice} (${message})`, {
      delayMs: QUOTA_DELAY_MS,
      blameless: true,
    });
  }
  const delayMs = retryAfterMs(error.headers);
  return new RetryableError('rate-limited', `The API asks to slow down (${message}).`, { delayMs, blameless: true });
}

/**
 * How long a server asks to wait, in milliseconds, at most an hour: `retry-after-ms`, or `retry-after` as seconds or date
 * (RFC 9110, 10.2.3). @returns undefined where it does not say.
 */
export function retryAfterMs(headers: Headers | undefined, now: number = Date.now()): number | undefined {
  const milliseconds = headers?.get('retry-after-ms') ?? '';
  const after = headers?.get('retry-after') ?? '';
  const given = [
    milliseconds.trim() === '' ? Number.NaN : Number(milliseconds),
    after.trim() === '' ? Number.NaN : Number(after) * 1000,
    Date.parse(after) - now,
  ].find((value) => Number.isFinite(value));
  return given === undefined ? undefined : Math.round(Math.min(MAX_DELAY_MS, Math.max(0, given)));
}

function said(error: Error, secret: string): string {
  const text = secret === '' ? error.message : error.message.replaceAll(secret, '[key]');
  return cleanText(text.replace(/\bsk-[\w*.-]{4,}/g, '[key]')).slice(0, EXCERPT);
}

/** The innermost cause: "fetch failed" says nothing, "connect ECONNREFUSED 127.0.0.1:1" does. */
function rootOf(thrown: unknown): Error {
  let error = asError(thrown);
  while (error.cause instanceof Error) error = error.cause;
  return error;
}
