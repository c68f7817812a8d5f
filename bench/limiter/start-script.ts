import { extname, join } from 'node:path';
import { execaNode } from 'execa';

/** Compiled, everything is `.js` and imports what was compiled; from source, Node strips the types. */
const EXTENSION = extname(import.meta.filename);

/**
 * Starts another script of this repository as a process that talks over IPC.
 * @param path from this folder, without extension.
 */
export function startScript(path: string, argument: unknown) {
  const conditions = EXTENSION === '.ts' ? ['--conditions=podline-source'] : [];
  return execaNode(join(import.meta.dirname, path + EXTENSION), [JSON.stringify(argument)], {
    nodePath: process.execPath,
    nodeOptions: [...conditions, '--disable-warning=ExperimentalWarning'],
    ipc: true,
    reject: false,
    buffer: false,
    stderr: 'inherit',
  });
}

export type Script = ReturnType<typeof startScript>;
