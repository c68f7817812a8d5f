import { once } from 'node:events';
import { z } from 'zod';
import type { ScriptedAnswer } from '../../test/support/openai-server/scripted-answer.ts';
import type { ServerLimits } from '../../test/support/openai-server/server-limits.ts';
import type { ServerStats } from '../../test/support/openai-server/server-stats.ts';
import { startScript } from './start-script.ts';

/** The test API as its own process: the bench's other work must not delay its clock. */
export interface ApiProcess {
  baseUrl: string;
  stats(): Promise<ServerStats>;
  script(...answers: ScriptedAnswer[]): Promise<void>;
  setLimits(limits: ServerLimits): Promise<void>;
  stop(): Promise<void>;
}

const startedSchema = z.object({ baseUrl: z.string() });

export async function startApiProcess(options: {
  latencyMs: number;
  limits: ServerLimits;
  /** Chat answers made from the prompt, not the smallest that fit. */
  obedient?: boolean;
}): Promise<ApiProcess> {
  const child = startScript('../../test/support/openai-server/main', options);
  const [line]: unknown[] = await once(child.stdout, 'data');
  const { baseUrl } = startedSchema.parse(JSON.parse(String(line)));
  const post = async (path: string, body: unknown): Promise<void> => {
    await fetch(new URL(`/_test/${path}`, baseUrl), { method: 'POST', body: JSON.stringify(body) });
  };
  return {
    baseUrl,
    stats: async () => statsOf(await (await fetch(new URL('/_test/stats', baseUrl))).json()),
    script: (...answers) => post('script', answers),
    setLimits: (limits) => post('limits', limits),
    stop: async () => {
      child.kill('SIGTERM');
      await child;
    },
  };
}

/** Both ends are of the same commit. */
function statsOf(value: unknown): ServerStats {
  return z
    .custom<ServerStats>((stats) => typeof stats === 'object' && stats !== null && 'arrivals' in stats)
    .parse(value);
}
