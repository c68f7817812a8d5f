import type { OpenaiResult } from './run-replicas.ts';

/** The results as a Markdown table; the first line is what the others are compared with. */
export function openaiTable(results: readonly OpenaiResult[]): string {
  const [baseline] = results;
  const head = ['', 'time', 'times sequential', 'use of the limit', 'most / limit', 'at once', 'failed', '429s'];
  const rows = results.map((result) => [
    result.name,
    `${result.seconds.toFixed(1)} s`,
    ((baseline?.seconds ?? Number.NaN) / result.seconds).toFixed(1),
    result.use.toFixed(3),
    result.most.toFixed(3),
    String(result.mostAtOnce),
    `${result.failures} of ${result.calls}`,
    String(result.refused),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
