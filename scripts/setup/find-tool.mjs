import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { isAtLeast, parseVersion } from './version.mjs';

/**
 * @typedef {object} ToolReport
 * @property {'ok' | 'missing' | 'old' | 'broken'} status
 * @property {string} [path]
 * @property {string} [version] absent for builds that carry no number
 */

/**
 * The first of these commands that is an executable file, in the order of the folders.
 * @param {readonly string[]} commands
 * @param {readonly string[]} folders
 * @returns {Promise<string | undefined>}
 */
export async function findExecutable(commands, folders) {
  for (const command of commands) {
    for (const folder of folders) {
      const path = join(folder, command);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** @param {string} path */
export async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Looks a tool up and asks it for its version.
 * @param {import('./requirements.mjs').Tool} tool
 * @param {readonly string[]} folders
 * @returns {Promise<ToolReport>}
 */
export async function inspectTool(tool, folders) {
  const path = await findExecutable(tool.commands, folders);
  if (path === undefined) return { status: 'missing' };
  const { code, output } = await runCommand(path, tool.versionArgs);
  if (code !== 0) return { status: 'broken', path };
  return judgeVersion(tool, path, parseVersion(output));
}

/**
 * @param {Pick<import('./requirements.mjs').Tool, 'minimum'>} tool
 * @param {string} path
 * @param {string | undefined} version undefined passes: nightly builds carry none
 * @returns {ToolReport}
 */
export function judgeVersion(tool, path, version) {
  if (version === undefined) return { status: 'ok', path };
  return { status: isAtLeast(version, tool.minimum) ? 'ok' : 'old', path, version };
}
