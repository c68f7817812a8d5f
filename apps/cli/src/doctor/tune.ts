import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import type { Paths } from '../paths.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';

const lineSchema = z.union([
  z.object({ model: z.string(), workers: z.int(), threads: z.int(), realTime: z.number() }),
  z.object({ best: z.object({ workers: z.int(), threads: z.int(), realTime: z.number() }) }),
]);
type Line = z.infer<typeof lineSchema>;

export interface TuneOptions {
  paths: Paths;
  env: Record<string, string>;
  model?: string | undefined;
  audio?: string | undefined;
}

/** Has the transcriber measure its engines on this machine: each setting as it is measured, then the best. */
export async function* tune({ paths, env, model, audio }: TuneOptions): AsyncIterable<Line> {
  const script = join(paths.root, 'dist', 'apps', 'transcriber-whisper', 'src', 'tune.js');
  const clip = audio ?? join(paths.examples, 'sample-episode.mp3');
  const child = execa(process.execPath, [script, '--audio', clip], {
    env: { ...env, WHISPER_MODELS_DIR: paths.models, ...(model === undefined ? {} : { WHISPER_MODEL: model }) },
    stderr: 'pipe',
    reject: false,
  });
  for await (const line of child) yield lineSchema.parse(JSON.parse(line));
  const { failed, stderr, shortMessage } = await child;
  if (failed) throw new UsageError(plainText(stderr.trim().split('\n').at(-1) || (shortMessage ?? ''), 500));
}

/** A line for the terminal. */
export function tuneLine(line: Line): string {
  if ('best' in line)
    return `Best here: WHISPER_WORKERS=${line.best.workers} WHISPER_THREADS=${line.best.threads}; without them podline takes one engine a CPU, as far as memory goes.`;
  const { workers, threads, realTime } = line;
  return `${counted(workers, 'engine')} of ${counted(threads, 'thread')}  ${realTime.toFixed(1)}x real time`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
