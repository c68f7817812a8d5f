import type { Remaining } from './settle.ts';

/** What a provider's answer says about its limits. */
export interface ApiFeedback {
  /** It refused because of its limits, or is too busy. */
  throttled: { retryAfterMs: number | undefined; overLimit: boolean } | undefined;
  /** What is left of its window, where it says so. */
  remaining: Remaining;
}

/** The one method of `Headers` that is needed, so that any client's headers fit. */
export interface HeaderSource {
  get(name: string): string | null;
}

/**
 * Reads `retry-after-ms`, `retry-after` (seconds or a date, RFC 9110, 10.2.3) and OpenAI's `x-ratelimit-remaining-*` and
 * `x-ratelimit-reset-*` headers. Only 429 and 503 throttle.
 * @param now milliseconds since 1970, for an answer without a `date`.
 */
export function apiFeedback(status: number, headers: HeaderSource, now: number = Date.now()): ApiFeedback {
  const remaining = { requests: remainingOf(headers, 'requests'), tokens: remainingOf(headers, 'tokens') };
  if (status !== 429 && status !== 503) return { throttled: undefined, remaining };
  return { throttled: { retryAfterMs: retryAfterMs(headers, remaining, now), overLimit: status === 429 }, remaining };
}

/** How long the provider asks to wait: by its own word, else until what is used up is there again. */
function retryAfterMs(headers: HeaderSource, remaining: Remaining, now: number): number | undefined {
  const milliseconds = parseDuration(suffixed(headers.get('retry-after-ms'), 'ms'));
  if (milliseconds !== undefined) return milliseconds;
  const given = headers.get('retry-after') ?? '';
  const after = parseDuration(suffixed(given, 's')) ?? untilDate(given, headers.get('date'), now);
  if (after !== undefined) return after;
  const resets = (['requests', 'tokens'] as const)
    .filter((unit) => remaining[unit] === 0)
    .flatMap((unit) => parseDuration(suffixed(headers.get(`x-ratelimit-reset-${unit}`), 's')) ?? []);
  return resets.length > 0 ? Math.max(...resets) : undefined;
}

/** A bare number gets its unit. */
function suffixed(value: string | null, unit: 'ms' | 's'): string {
  const text = value?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(text) ? text + unit : text;
}

/** By the provider's own clock where it gives its time: ours may be wrong. */
function untilDate(text: string, date: string | null, now: number): number | undefined {
  const until = Date.parse(text);
  const since = Date.parse(date ?? '');
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(since) ? now : since));
}

/** Some providers send -1 for "no idea". */
function remainingOf(headers: HeaderSource, unit: 'requests' | 'tokens'): number | undefined {
  const text = headers.get(`x-ratelimit-remaining-${unit}`)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

/** A duration as Go prints it, `1h2m3.5s`, `6m0s`, `20ms`, in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    total += Number(number) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return Math.ceil(total);
}
