import { markdownTable } from '../suite/markdown-table.ts';
import type { ScenarioResult } from './run-scenario.ts';

/** The results as Markdown tables: time and memory, then what limits saw. The speed-up is over the group's first row. */
export function markdownTables(results: readonly ScenarioResult[]): string {
  const times = results.map((result) => {
    const first = results.find(({ group }) => group === result.group) ?? result;
    const { runs } = result;
    const last = runs.at(-1)!;
    return [
      result.group,
      result.name,
      String(last.parts),
      String(sum(runs, 'calls') / runs.length),
      seconds(result.runs[0]!.seconds),
      seconds(settled(result)),
      `${(settled(first) / settled(result)).toFixed(2)} x`,
      seconds(Math.max(...runs.map((run) => run.cpuSeconds))),
      `${Math.max(...runs.map((run) => run.peakMegabytes)).toFixed(0)} MB`,
    ];
  });
  const limits = results.flatMap(({ group, name, runs, api }) =>
    api === undefined
      ? []
      : [
          [
            group,
            name,
            String(api.requests),
            String(api.mostConcurrent),
            share(api.mostRequests),
            share(api.mostTokens),
            String(api.refused),
            seconds(sum(runs, 'waitSeconds')),
          ],
        ],
  );
  return [
    markdownTable(['provider', 'at once', 'parts', 'calls', 'first', 'later', 'speed-up', 'CPU', 'memory'], times),
    markdownTable(
      ['provider', 'at once', 'requests', 'most at once', 'requests / limit', 'tokens / limit', '429s', 'waited'],
      limits,
    ),
  ].join('\n\n');
}

/** Of summaries one after another, the best: the first also starts threads and compiles. Of replicas, the slowest. */
function settled({ runs, replicas }: ScenarioResult): number {
  const times = runs.map((run) => run.seconds);
  return replicas > 1 ? Math.max(...times) : Math.min(...times);
}

const sum = (runs: ScenarioResult['runs'], field: 'calls' | 'waitSeconds'): number =>
  runs.reduce((total, run) => total + run[field], 0);

const seconds = (value: number): string => `${value.toFixed(2)} s`;

const share = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3));
