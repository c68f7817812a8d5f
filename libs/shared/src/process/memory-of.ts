/** `VmRSS`: what a process holds in memory now; `VmHWM`: the most it ever held. */
export type MemoryFigure = 'VmRSS' | 'VmHWM';

/**
 * Memory of a process, in bytes, from Linux' proc_pid_status(5): proc_pid_stat(5) only tells pages, whose size differs.
 * @param read gives a file's text, and rejects where there is none.
 * @returns undefined where the process has ended, and on other systems.
 */
export async function memoryOf(
  pid: number,
  figure: MemoryFigure,
  read: (path: string) => Promise<string>,
): Promise<number | undefined> {
  const status = await read(`/proc/${pid}/status`).catch(() => '');
  const kilobytes = new RegExp(`^${figure}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
