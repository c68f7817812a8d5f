import { markdownTable } from '../suite/markdown-table.ts';
import type { ScenarioResult } from './run-scenario.ts';

const COLUMNS: readonly (readonly [title: string, cell: (result: ScenarioResult) => string])[] = [
  ['scenario', ({ name }) => name],
  ['most / limit', ({ worstRequests }) => share(worstRequests)],
  ['tokens', ({ worstTokens }) => share(worstTokens)],
  ['at once', ({ worstConcurrent }) => share(worstConcurrent)],
  ['use', ({ useRequests }) => share(useRequests)],
  ['use (tokens)', ({ useTokens }) => share(useTokens)],
  ['CAS / grant', ({ swapsPerGrant }) => swapsPerGrant.toFixed(2)],
  ['p50 wait', ({ waitP50Ms }) => seconds(waitP50Ms)],
  ['p99 wait', ({ waitP99Ms }) => seconds(waitP99Ms)],
  ['Jain', ({ jain }) => jain.toFixed(3)],
  ['429s', ({ refused }) => String(refused)],
  ['longest way', ({ longestWayMs }) => `${longestWayMs} ms`],
  ['longest gap', ({ longestGapMs }) => seconds(longestGapMs)],
];

/** The results as a Markdown table, which a person can read as it is. */
export function scenarioTable(results: readonly ScenarioResult[]): string {
  return markdownTable(
    COLUMNS.map(([title]) => title),
    results.map((result) => COLUMNS.map(([, cell]) => cell(result))),
  );
}

function share(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
