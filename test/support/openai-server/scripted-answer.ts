import { z } from 'zod';
import { ApiError, insufficientQuota } from './api-error.ts';

/** What the server does instead of answering properly. Durations in milliseconds. */
export const scriptedAnswerSchema = z.discriminatedUnion('kind', [
  /** Any error body, such as `{ kind: 'error', status: 500 }` or a 400 with a code of your own. */
  z.object({
    kind: z.literal('error'),
    status: z.int().min(400).max(599),
    message: z.string().optional(),
    code: z.string().optional(),
    type: z.string().optional(),
    param: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  /** A 429 the API's limiter sends; `retryAfterMs` sets `retry-after`, `headers` adds to it or replaces it. */
  z.object({
    kind: z.literal('rate-limit'),
    retryAfterMs: z.number().min(0).optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ kind: z.literal('insufficient-quota') }),
  /** The proper answer, this much later. */
  z.object({ kind: z.literal('slow'), delayMs: z.number().min(0) }),
  /** No answer at all; the connection stays open. */
  z.object({ kind: z.literal('hang') }),
  /** Status 200 and half of the proper body, with a length that matches: the JSON is broken. */
  z.object({ kind: z.literal('truncated-json') }),
  /** The connection is cut before the answer. */
  z.object({ kind: z.literal('dropped') }),
  /** The connection is cut in the middle of the answer's body. */
  z.object({ kind: z.literal('dropped-midway') }),
  /** Status 200 and this body. */
  z.object({ kind: z.literal('body'), body: z.string(), contentType: z.string().optional() }),
]);
export type ScriptedAnswer = z.infer<typeof scriptedAnswerSchema>;

/** The error a scripted answer stands for, if it is one. */
export function scriptedError(answer: ScriptedAnswer): ApiError | undefined {
  switch (answer.kind) {
    case 'error': {
      const { status, message, kind: _kind, ...details } = answer;
      return new ApiError(status, message ?? `Scripted error ${status}.`, details);
    }
    case 'rate-limit': {
      const { retryAfterMs } = answer;
      return new ApiError(429, 'Rate limit reached (scripted).', {
        type: 'requests',
        code: 'rate_limit_exceeded',
        headers: {
          ...(retryAfterMs === undefined
            ? {}
            : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)), 'retry-after-ms': String(retryAfterMs) }),
          ...answer.headers,
        },
      });
    }
    case 'insufficient-quota':
      return insufficientQuota();
    default:
      return undefined;
  }
}
