import type { Load, OpenaiScenario } from './run-replicas.ts';

/** 100 episodes of one chunk, 300 requests a minute, 3 s a call. */
export const DEFAULT_LOAD: Load = { episodes: 100, requestsPerMinute: 300, latencyMs: 3000 };

/** One replica with more and more calls at once, and four that only the limit holds up. */
export function scenariosFor({ requestsPerMinute, latencyMs }: Load): OpenaiScenario[] {
  const enough = Math.ceil((requestsPerMinute / 60) * (latencyMs / 1000) * 2) + 5;
  return [
    ...[1, 2, 5, 10].map((atOnce) => ({ name: `${atOnce} at once`, replicas: 1, maxConcurrent: atOnce })),
    { name: '4 replicas', replicas: 4, maxConcurrent: enough },
  ];
}
