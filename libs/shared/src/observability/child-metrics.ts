import { readFile } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import { type ChildUse, readChildren } from '#shared/process/read-children';
import { counter, gauge } from './instruments.ts';

const PROGRAMS = ['whisper-server', 'ffmpeg', 'ffprobe'] as const;
const OTHER = 'other';

/** CPU and memory of the processes this one has started, read from /proc at each scrape. Nothing where there is no /proc. */
export function childMetrics(registry: Registry): void {
  const sample = shared(() => readChildren(process.pid, (path) => readFile(path, 'utf8')));
  let told = 0;
  counter(registry, 'podline_child_cpu_seconds_total', async (cpu) => {
    const { children, endedCpuSeconds } = await sample();
    const total = endedCpuSeconds + sum(children, ({ cpuSeconds }) => cpuSeconds);
    // A child that ends between two files is in neither or in both: a counter never goes back.
    cpu.inc(Math.max(0, total - told));
    told = Math.max(told, total);
  });
  gauge(registry, 'podline_child_memory_bytes', async (memory) => {
    const { children } = await sample();
    for (const program of [...PROGRAMS, OTHER]) {
      memory.set(
        { process: program },
        sum(of(children, program), ({ memoryBytes }) => memoryBytes),
      );
    }
  });
  gauge(registry, 'podline_child_processes', async (processes) => {
    const { children } = await sample();
    for (const program of [...PROGRAMS, OTHER]) processes.set({ process: program }, of(children, program).length);
  });
}

/** The metrics of one scrape ask at the same time: one answer is enough. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
}

function of(children: readonly ChildUse[], program: string): ChildUse[] {
  return children.filter(({ name }) => programOf(name) === program);
}

function programOf(name: string): string {
  // The kernel keeps 15 characters of a name.
  return PROGRAMS.find((program) => program === name || program.startsWith(name.padEnd(15))) ?? OTHER;
}

function sum(children: readonly ChildUse[], figure: (child: ChildUse) => number): number {
  return children.reduce((total, child) => total + figure(child), 0);
}
