import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { ComponentReport } from './component-report.ts';

/** Room for the audio, chunks and streams of a long episode, with some to spare. */
const NEEDED_DISK_BYTES = 2e9;
/** Four Node processes of about 100 MB, nats-server, and one engine with the embedded model (about 250 MB). */
const NEEDED_MEMORY_BYTES = 1e9;

export interface Machine {
  diskFolder: string;
  freeDiskBytes: number;
  freeMemoryBytes: number;
  totalMemoryBytes: number;
  cpus: number;
}

/** @param folder where podline keeps its data; it need not be there yet */
export async function inspectMachine(folder: string): Promise<Machine> {
  const { bavail, bsize } = await statfsOfNearest(folder);
  const available = process.availableMemory();
  return {
    diskFolder: folder,
    freeDiskBytes: bavail * bsize,
    freeMemoryBytes: Math.min(available, freemem()),
    totalMemoryBytes: Math.min(process.constrainedMemory() || Infinity, totalmem()),
    cpus: availableParallelism(),
  };
}

/** A folder that is not there yet will be on the disk of the nearest one above it. */
async function statfsOfNearest(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder);
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return statfsOfNearest(dirname(folder));
  }
}

/** Whether the machine has room for the local stack: 2 GB of disk and 1 GB of memory. */
export function judgeMachine(machine: Machine): ComponentReport[] {
  const { diskFolder, freeDiskBytes, freeMemoryBytes, totalMemoryBytes, cpus } = machine;
  const enoughDisk = freeDiskBytes >= NEEDED_DISK_BYTES;
  const enoughMemory = freeMemoryBytes >= NEEDED_MEMORY_BYTES;
  return [
    {
      name: 'disk',
      status: enoughDisk ? 'ok' : 'broken',
      path: diskFolder,
      detail: `${gigabytes(freeDiskBytes)} free`,
      fix: enoughDisk ? undefined : `Free ${gigabytes(NEEDED_DISK_BYTES)} on the disk of ${diskFolder}.`,
    },
    {
      name: 'memory',
      status: enoughMemory ? 'ok' : 'broken',
      detail: `${gigabytes(freeMemoryBytes)} free of ${gigabytes(totalMemoryBytes)}`,
      fix: enoughMemory ? undefined : `Free ${gigabytes(NEEDED_MEMORY_BYTES)} of memory: close something.`,
    },
    { name: 'CPUs', status: 'ok', detail: `${cpus}` },
  ];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
