import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { type ChildrenUse, readChildren } from './read-children.ts';

const hasProc = existsSync(`/proc/${process.pid}/task/${process.pid}/children`);
const onLinux = hasProc ? test : test.skip;
const started: { kill: (signal: 'SIGKILL') => boolean }[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const read = (): Promise<ChildrenUse> => readChildren(process.pid, (path) => readFile(path, 'utf8'));

describe('what the children of this process use', () => {
  onLinux('is told while they run, and their time also afterwards', async () => {
    const before = (await read()).endedCpuSeconds;
    // By its own clock: on a loaded machine time passes without work.
    const busy = 'while (process.cpuUsage().user < 200_000); console.log("worked"); setInterval(() => 0, 1000)';
    const child = execa(process.execPath, ['-e', busy], { buffer: false, reject: false });
    started.push(child);
    await once(child.stdout, 'data');
    const { children } = await read();
    const own = children.find(({ cpuSeconds }) => cpuSeconds >= 0.1);
    expect(own).toMatchObject({ name: expect.stringMatching(/node|MainThread/) });
    expect(own?.memoryBytes).toBeGreaterThan(10_000_000);
    child.kill('SIGKILL');
    await child;
    const after = await read();
    expect(after.children.length).toBe(children.length - 1);
    expect(after.endedCpuSeconds - before).toBeGreaterThanOrEqual(own?.cpuSeconds ?? Infinity);
  });

  test('is nothing where there is no /proc', async () => {
    const nothing = (): Promise<string> => Promise.reject(new Error('ENOENT'));
    expect(await readChildren(1, nothing)).toEqual({ children: [], endedCpuSeconds: 0 });
  });

  test('survives programs with brackets and spaces in their names', async () => {
    const files: Record<string, string> = {
      '/proc/5/stat': `5 (node) ${fields({ 16: 100, 17: 50 })}`,
      '/proc/5/task/5/children': '6 7 ',
      '/proc/6/stat': `6 (a) (b c) ${fields({ 14: 30, 15: 20 })}`,
      '/proc/6/status': 'Name:\ta\nVmRSS:\t    2048 kB\n',
    };
    const use = await readChildren(5, async (path) => files[path] ?? Promise.reject(new Error('ENOENT')));
    expect(use).toEqual({
      children: [{ name: 'a) (b c', cpuSeconds: 0.5, memoryBytes: 2048 * 1024 }],
      endedCpuSeconds: 1.5,
    });
  });
});

/** Fields 3 to 52 of proc_pid_stat(5). */
function fields(values: Record<number, number>): string {
  return Array.from({ length: 50 }, (_, index) => String(values[index + 3] ?? 0)).join(' ');
}
