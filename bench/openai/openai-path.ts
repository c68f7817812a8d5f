import type { Bench, BenchResult } from '../suite/bench.ts';
import { type OpenaiResult, runReplicas } from './run-replicas.ts';
import { runSequentially } from './run-sequentially.ts';
import { DEFAULT_LOAD, scenariosFor } from './scenarios.ts';
import { openaiRows, OPENAI_COLUMNS } from './table.ts';

/** Times a sequential client at five calls at once, and share of the limit with enough. */
const SPEED_UP_AIM = 5;
const USE_AIM = 0.95;
/** With five calls at once, five times is the most there is: what is asked is met within this. */
const MEASURING_ERROR = 0.02;

/** What transcriber-openai makes of a limit, against a client that calls one after another. */
export const openaiPath: Bench = {
  name: 'openai',
  title: '100 episodes through the OpenAI path, 300 requests a minute, 3 s a call',
  run: compare,
};

async function compare(repetitions: number): Promise<BenchResult> {
  const rounds: { sequential: OpenaiResult; results: OpenaiResult[] }[] = [];
  for (let round = 0; round < repetitions; round++) {
    // It waits nearly all the time, so that it disturbs nobody: it runs beside the others.
    const sequential = runSequentially(DEFAULT_LOAD, DEFAULT_LOAD.episodes);
    const results: OpenaiResult[] = [];
    for (const scenario of scenariosFor(DEFAULT_LOAD)) results.push(await runReplicas(scenario, DEFAULT_LOAD));
    rounds.push({ sequential: await sequential, results });
  }
  const over = (name: string, value: (result: OpenaiResult, sequential: OpenaiResult) => number): number[] =>
    rounds.flatMap(({ sequential, results }) =>
      results.filter((result) => result.name === name).map((result) => value(result, sequential)),
    );
  const [last] = rounds.slice(-1);
  return {
    head: OPENAI_COLUMNS,
    rows: last ? openaiRows([last.sequential, ...last.results]) : [],
    ratios: [
      {
        what: '5 at once: faster than the sequential client, times',
        values: over('5 at once', (result, sequential) => sequential.seconds / result.seconds),
        aim: { atLeast: SPEED_UP_AIM * (1 - MEASURING_ERROR) },
      },
      {
        what: '4 replicas: faster than the sequential client, times',
        values: over('4 replicas', (result, sequential) => sequential.seconds / result.seconds),
        aim: { atLeast: SPEED_UP_AIM },
      },
      { what: '4 replicas: use of the limit', values: over('4 replicas', ({ use }) => use), aim: { atLeast: USE_AIM } },
      {
        what: '4 replicas: most in a window over the limit',
        values: over('4 replicas', ({ most }) => most),
        aim: { atMost: 1 },
      },
    ],
    notes: ['0.960 of the limit is the most the limiter allows. The rows are those of the last repetition.'],
  };
}
