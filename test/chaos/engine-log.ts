import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const lineSchema = z.object({
  event: z.enum(['start', 'end']),
  chunk: z.string(),
  at: z.number(),
  service: z.number(),
  engine: z.number(),
});

/** One chunk in the ears of a fake engine. Times in milliseconds since 1970. */
export interface EngineCall {
  /** SHA-256 of the chunk's audio. */
  chunk: string;
  at: number;
  ended: number | undefined;
  /** Process of the transcriber. */
  service: number;
  engine: number;
}

export interface Kill {
  pid: number;
  /** Milliseconds since 1970. */
  at: number;
}

export interface EngineFigures {
  calls: number;
  chunks: number;
  /** Milliseconds from the kill of a transcriber at a chunk to that chunk's next start, ascending. */
  recoveriesMs: number[];
  /** The same for killed engines, whose chunk rests before it is tried again. */
  engineRecoveriesMs: number[];
}

/** The calls the fake engines wrote down, in the order they began. */
export async function readEngineLog(logFile: string): Promise<EngineCall[]> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const calls: EngineCall[] = [];
  // The last line may be half written.
  for (const line of text.split('\n').slice(0, -1)) {
    const { event, ...call } = lineSchema.parse(JSON.parse(line));
    if (event === 'start') calls.push({ ...call, ended: undefined });
    else {
      const open = calls.findLast(({ chunk, engine }) => chunk === call.chunk && engine === call.engine);
      if (open) open.ended = call.at;
    }
  }
  return calls;
}

/** How often each chunk was heard, and how long one whose transcriber or engine was killed waited for the next. */
export function engineFigures(calls: readonly EngineCall[], kills: readonly Kill[]): EngineFigures {
  const recoveriesOf = (who: 'service' | 'engine'): number[] =>
    kills.flatMap((kill) => recoveries(calls, kill, who)).toSorted((a, b) => a - b);
  return {
    calls: calls.length,
    chunks: new Set(calls.map(({ chunk }) => chunk)).size,
    recoveriesMs: recoveriesOf('service'),
    engineRecoveriesMs: recoveriesOf('engine'),
  };
}

function recoveries(calls: readonly EngineCall[], kill: Kill, who: 'service' | 'engine'): number[] {
  return calls
    .filter((call) => call[who] === kill.pid && call.at <= kill.at && call.ended === undefined)
    .flatMap((broken) => {
      const next = calls.find(({ chunk, at }) => chunk === broken.chunk && at > kill.at);
      return next === undefined ? [] : [next.at - kill.at];
    });
}
