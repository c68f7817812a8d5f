import { cpus, totalmem } from 'node:os';
import type { Bench, BenchResult, Ratio } from './bench.ts';
import { markdownTable } from './markdown-table.ts';
import { median, spread } from './statistics.ts';

/** What the figures of one run belong to. */
export function machine(): { at: string; cpu: string; cores: number; memoryGiB: number; node: string } {
  return {
    at: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
}

/** A bench's tables, as Markdown. */
export function render(bench: Bench, result: BenchResult): string {
  const ratios = result.ratios.map((ratio) => [
    ratio.what,
    median(ratio.values).toFixed(3),
    ratio.values.length > 1 ? spread(ratio.values, 3) : '–',
    aimOf(ratio),
    verdict(ratio),
  ]);
  return [
    `## ${bench.title}`,
    markdownTable(result.head, result.rows),
    ...(ratios.length > 0 ? [markdownTable(['ratio', 'median', 'spread', 'aim', ''], ratios)] : []),
    ...(result.notes.length > 0 ? [result.notes.map((note) => `- ${note}`).join('\n')] : []),
  ].join('\n\n');
}

function aimOf({ aim }: Ratio): string {
  if (aim === undefined) return '–';
  return 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
}

/** Whether the median is where it should be. */
function isMet({ aim, values }: Ratio): boolean {
  if (aim === undefined) return true;
  return 'atLeast' in aim ? median(values) >= aim.atLeast : median(values) <= aim.atMost;
}

function verdict(ratio: Ratio): string {
  if (ratio.aim === undefined) return '';
  return isMet(ratio) ? 'met' : 'missed';
}
