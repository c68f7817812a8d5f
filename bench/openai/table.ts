import { markdownTable } from '../suite/markdown-table.ts';
import type { OpenaiResult } from './run-replicas.ts';

export const OPENAI_COLUMNS = [
  '',
  'time',
  'times sequential',
  'use of the limit',
  'most / limit',
  'at once',
  'failed',
  '429s',
] as const;

/** The first result is what the others are compared with. */
export function openaiRows(results: readonly OpenaiResult[]): string[][] {
  const [baseline] = results;
  return results.map((result) => [
    result.name,
    `${result.seconds.toFixed(1)} s`,
    ((baseline?.seconds ?? Number.NaN) / result.seconds).toFixed(1),
    result.use.toFixed(3),
    result.most.toFixed(3),
    String(result.mostAtOnce),
    `${result.failures} of ${result.calls}`,
    String(result.refused),
  ]);
}

export function openaiTable(results: readonly OpenaiResult[]): string {
  return markdownTable(OPENAI_COLUMNS, openaiRows(results));
}
