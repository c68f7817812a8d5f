import { z } from 'zod';
import { layoutSchema } from './window-layout.ts';

/** Most leases an endpoint keeps, whatever its limits say: the state must stay small. */
export const MAX_LEASES = 1000;
/** Share of every limit that the conservative mode uses. */
const CONSERVATIVE_SHARE = 0.8;

const count = z.int().min(1).max(1_000_000_000);

/**
 * What one account may do with one class of requests. Stored at `<endpoint>.limits` as JSON that a person may edit; an
 * edit that doesn't fit this is refused, unknown names included, and the last good one stays in force.
 */
export const limitsSchema = z.strictObject({
  requestsPerMinute: count.optional(),
  tokensPerMinute: count.optional(),
  audioSecondsPerMinute: count.optional(),
  requestsPerDay: count.optional(),
  audioSecondsPerDay: count.optional(),
  /** Requests at once, in the whole cluster. */
  maxConcurrent: z.int().min(1).max(MAX_LEASES).optional(),
  /** `adaptive` follows the provider's answers; `conservative` keeps to 80 % of every limit, whatever they say. */
  mode: z.enum(['adaptive', 'conservative']).default('adaptive'),
  /** Gives back tokens that were reserved and not used. Only for providers that charge usage, not their own estimate. */
  refundTokens: z.boolean().default(false),
  /** Why nothing may be sent, by an operator's will; absent when all is well. */
  paused: z.string().min(1).max(500).optional(),
  /** Who set them: the services' configuration may only change what a configuration wrote. */
  setBy: z.enum(['configuration', 'operator']).default('operator'),
  /** For experts: lengths in milliseconds. Changing it empties the calendar and closes the endpoint for one window. */
  layout: layoutSchema.prefault({}),
});
export type Limits = z.output<typeof limitsSchema>;
/** As a configuration or a person writes them; see `limitsSchema`. */
export type LimitsInput = z.input<typeof limitsSchema>;

/** Used where neither the bucket nor the configuration says otherwise: what small accounts are commonly given. */
export const DEFAULT_LIMITS = {
  /** Requests a minute, requests at once. */
  transcription: { requestsPerMinute: 50, maxConcurrent: 5 },
  /** Requests a minute, tokens a minute, requests at once. */
  summary: { requestsPerMinute: 50, tokensPerMinute: 100_000, maxConcurrent: 5 },
} as const satisfies Record<string, LimitsInput>;

/** The part of the limits that booking keeps to: everything in `conservative` mode is 80 %, at least one. */
export function effectiveLimits(limits: Limits): Limits {
  if (limits.mode === 'adaptive') return limits;
  const part = (limit: number | undefined): number | undefined =>
    limit === undefined ? undefined : Math.max(1, Math.floor(limit * CONSERVATIVE_SHARE));
  return {
    ...limits,
    requestsPerMinute: part(limits.requestsPerMinute),
    tokensPerMinute: part(limits.tokensPerMinute),
    audioSecondsPerMinute: part(limits.audioSecondsPerMinute),
    requestsPerDay: part(limits.requestsPerDay),
    audioSecondsPerDay: part(limits.audioSecondsPerDay),
    maxConcurrent: part(limits.maxConcurrent),
  };
}

/** @returns the limits, or in words what is wrong with them. */
export function parseLimits(text: string): { limits: Limits } | { error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: `not JSON: ${text.slice(0, 80)}` };
  }
  const parsed = limitsSchema.safeParse(value);
  return parsed.success ? { limits: parsed.data } : { error: z.prettifyError(parsed.error).replaceAll('\n', ' ') };
}
