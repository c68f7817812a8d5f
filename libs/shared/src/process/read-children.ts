import { memoryOf } from './memory-of.ts';

/** One running child process. */
export interface ChildUse {
  /** Name of the program, at most 15 characters. */
  name: string;
  cpuSeconds: number;
  /** Resident memory. */
  memoryBytes: number;
}

export interface ChildrenUse {
  children: ChildUse[];
  /** CPU time of all children that have ended and were waited for, in seconds. */
  endedCpuSeconds: number;
}

/** Linux tells times in ticks of 10 ms on every platform Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * What the children of a process use, from Linux' /proc.
 * @param read gives a file's text, and rejects where there is none.
 * @returns no children and no time on other systems.
 */
export async function readChildren(pid: number, read: (path: string) => Promise<string>): Promise<ChildrenUse> {
  const own = await statOf(pid, read);
  if (!own) return { children: [], endedCpuSeconds: 0 };
  const children = await Promise.all((await childPids(pid, read)).map((child) => useOf(child, read)));
  return {
    children: children.filter((child) => child !== undefined),
    endedCpuSeconds: own.childTicks / TICKS_PER_SECOND,
  };
}

/** The children of a process, from Linux' /proc; none on other systems. */
export async function childPids(pid: number, read: (path: string) => Promise<string>): Promise<number[]> {
  const text = await read(`/proc/${pid}/task/${pid}/children`).catch(() => '');
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map(Number);
}

async function useOf(pid: number, read: (path: string) => Promise<string>): Promise<ChildUse | undefined> {
  const stat = await statOf(pid, read);
  const memoryBytes = (await memoryOf(pid, 'VmRSS', read)) ?? 0;
  if (!stat) return undefined;
  return {
    name: stat.name,
    cpuSeconds: (stat.userTicks + stat.systemTicks) / TICKS_PER_SECOND,
    memoryBytes,
  };
}

interface Stat {
  name: string;
  userTicks: number;
  systemTicks: number;
  /** User and system time of ended children. */
  childTicks: number;
}

/** proc_pid_stat(5); the name is in brackets and may itself hold spaces and brackets. */
async function statOf(pid: number, read: (path: string) => Promise<string>): Promise<Stat | undefined> {
  const text = await read(`/proc/${pid}/stat`).catch(() => undefined);
  const match = /^\d+ \((.*)\) (.*)$/s.exec(text ?? '');
  if (!match) return undefined;
  const fields = (match[2] ?? '').split(' ');
  // Field 3 of the manual is the first one here.
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return {
    name: match[1] ?? '',
    userTicks: field(14),
    systemTicks: field(15),
    childTicks: field(16) + field(17),
  };
}
