import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const lineSchema = z.object({
  event: z.enum(['start', 'end']),
  /** SHA-256 of the chunk's audio. */
  chunk: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Process of the transcriber. */
  service: z.number(),
  engine: z.number(),
});
type Line = z.infer<typeof lineSchema>;

export interface Kill {
  pid: number;
  /** Milliseconds since 1970. */
  at: number;
}

export interface EngineFigures {
  calls: number;
  chunks: number;
  /** Milliseconds from a kill that interrupted a chunk to that chunk's next start, ascending. */
  recoveriesMs: number[];
}

/** What the fake engines wrote down: how often each chunk was heard, and how long a killed one waited for the next. */
export async function engineFigures(logFile: string, kills: readonly Kill[]): Promise<EngineFigures> {
  const lines = await readLines(logFile);
  const starts = lines.filter(({ event }) => event === 'start');
  const recoveries = kills.flatMap((kill) =>
    interruptedBy(kill, lines).flatMap((chunk) => {
      const next = starts.find((line) => line.chunk === chunk && line.at > kill.at);
      return next === undefined ? [] : [next.at - kill.at];
    }),
  );
  return {
    calls: starts.length,
    chunks: new Set(starts.map(({ chunk }) => chunk)).size,
    recoveriesMs: recoveries.toSorted((a, b) => a - b),
  };
}

/** Chunks a killed transcriber was in the middle of. */
function interruptedBy(kill: Kill, lines: readonly Line[]): string[] {
  const own = lines.filter(({ service, at }) => service === kill.pid && at <= kill.at);
  const ended = own.filter(({ event }) => event === 'end').map(({ chunk }) => chunk);
  return own.filter(({ event, chunk }) => event === 'start' && !ended.includes(chunk)).map(({ chunk }) => chunk);
}

async function readLines(logFile: string): Promise<Line[]> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)));
}

/** The value so many percent are not above; undefined without values. */
export function percentile(ascending: readonly number[], percent: number): number | undefined {
  return ascending[Math.max(0, Math.ceil((percent / 100) * ascending.length) - 1)];
}
