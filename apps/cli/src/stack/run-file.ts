import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const runFileSchema = z.object({
  pid: z.int().describe('The process that holds the stack'),
  natsUrl: z.string(),
  services: z.record(z.string(), z.string()).describe('Service to the URL of its health and metrics'),
});
export type RunFile = z.infer<typeof runFileSchema>;

const pathIn = (state: string): string => join(state, 'run.json');
const targetsIn = (state: string): string => join(state, 'prometheus-targets.json');

/** Writes it, and beside it what a Prometheus beside the stack scrapes, as `file_sd_configs` reads it. */
export async function writeRunFile(state: string, run: RunFile): Promise<void> {
  await mkdir(state, { recursive: true });
  await replace(targetsIn(state), [{ targets: Object.values(run.services).map((url) => new URL(url).host) }]);
  await replace(pathIn(state), run);
}

async function replace(file: string, content: unknown): Promise<void> {
  await writeFile(`${file}.tmp`, JSON.stringify(content, undefined, 2));
  await rename(`${file}.tmp`, file);
}

/** The stack that runs now; undefined when there is none, or when its process is gone. */
export async function readRunFile(state: string): Promise<RunFile | undefined> {
  try {
    const run = runFileSchema.parse(JSON.parse(await readFile(pathIn(state), 'utf8')));
    process.kill(run.pid, 0);
    return run;
  } catch {
    return undefined;
  }
}

export async function removeRunFile(state: string): Promise<void> {
  await rm(pathIn(state), { force: true });
}
