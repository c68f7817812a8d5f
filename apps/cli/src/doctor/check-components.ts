import { join } from 'node:path';
import { execa } from 'execa';
import { inspectMachine, judgeMachine } from './check-machine.ts';
import { setupFindings } from './component-report.ts';
import type { ComponentReport } from './component-report.ts';

export interface DoctorOptions {
  /** The checkout, with `scripts/`, `models/` and `node_modules/`. */
  root: string;
  /** Where podline keeps its data: the disk that needs room. It need not be there yet. */
  dataFolder: string;
  /** Folders to look for tools in, in order. */
  searchFolders: readonly string[];
  /** The whisper-server in use; undefined: the one the set-up left. */
  whisperServer?: string | undefined;
}

/**
 * Tries every component and changes nothing: whisper-server really starts and transcribes a clip, the model is hashed,
 * the tools are run. Takes a second or two.
 */
export async function checkComponents(options: DoctorOptions): Promise<ComponentReport[]> {
  const [components, machine] = await Promise.all([checkSetup(options), inspectMachine(options.dataFolder)]);
  return [...components, ...judgeMachine(machine)];
}

/** The set-up's own checks, in a process of their own: its scripts are plain JavaScript outside this program's build. */
async function checkSetup({ root, searchFolders, whisperServer }: DoctorOptions): Promise<ComponentReport[]> {
  const options = JSON.stringify({ root, folders: searchFolders, whisperServer });
  const { stdout } = await execa(process.execPath, [join(root, 'scripts', 'setup-report.mjs'), options]);
  return setupFindings.parse(JSON.parse(stdout));
}
