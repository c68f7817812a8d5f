import { findExecutable } from './find-tool.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @param {readonly string[]} folders
 * @returns {Promise<string>} npm's path
 * @throws SetupError when there is none
 */
export async function findNpm(folders) {
  const npm = await findExecutable(['npm'], folders);
  if (npm !== undefined) return npm;
  throw new SetupError('npm is not on PATH. Install Node 20 or newer with npm: https://nodejs.org/en/download');
}
