import { join } from 'node:path';
import { execa } from 'execa';
import { median } from '../suite/statistics.ts';

/** Columns of what `speedRows` gives. */
export const SPEED_COLUMNS = ['side', 'jobs/s, each round', 'median'] as const;

/**
 * Has one of the scripts of this folder empty its queue, in a process of its own.
 * @param sides what the script takes behind the server's URL and the number of jobs.
 * @returns jobs a second.
 */
export async function stageSpeed(
  script: 'bare-loop' | 'no-op-stage',
  natsUrl: string,
  jobs: number,
  sides: readonly string[] = [],
): Promise<number> {
  const file = join(import.meta.dirname, `${script}.js`);
  const { stdout } = await execa(process.execPath, [file, natsUrl, String(jobs), ...sides]);
  return Number(stdout);
}

/** A row for each side, of its speeds in each round. */
export function speedRows(speeds: Iterable<readonly [string, readonly number[]]>): string[][] {
  return [...speeds].map(([side, values]) => [
    side,
    values.map((value) => value.toFixed(0)).join(', '),
    median(values).toFixed(0),
  ]);
}
