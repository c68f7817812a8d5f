import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { type ScriptedAnswer, scriptedAnswerSchema } from './scripted-answer.ts';
import type { ServerLimits } from './server-limits.ts';
import type { ServerStats } from './server-stats.ts';

export const serverLimitsSchema = z.object({
  windowMs: z.number().positive(),
  requests: z.number().optional(),
  tokens: z.number().optional(),
  audioSeconds: z.number().optional(),
  concurrent: z.number().optional(),
});

/** What can be turned while the server runs in another process. */
export interface Controlled {
  scripted: ScriptedAnswer[];
  standing: ScriptedAnswer | undefined;
  keeper: { limits: ServerLimits };
  stats(): ServerStats;
}

/**
 * The knobs of the server over HTTP, without a key; bodies are JSON:
 *
 * - `GET  /_test/stats`: `ServerStats`
 * - `POST /_test/script`: an array of scripted answers
 * - `POST /_test/always`: one scripted answer, or `null`
 * - `POST /_test/limits`: `ServerLimits`
 */
export function controlAnswer(server: Controlled, path: string, body: Buffer): string {
  const parse = <T>(schema: z.ZodType<T>): T => schema.parse(JSON.parse(body.toString('utf8')));
  switch (path) {
    case '/_test/stats':
      return JSON.stringify(server.stats());
    case '/_test/script':
      server.scripted.push(...parse(z.array(scriptedAnswerSchema)));
      return '{}';
    case '/_test/always':
      server.standing = parse(scriptedAnswerSchema.nullable()) ?? undefined;
      return '{}';
    case '/_test/limits':
      server.keeper.limits = parse(serverLimitsSchema);
      return '{}';
    default:
      throw new ApiError(404, `No such control: ${path}`);
  }
}
