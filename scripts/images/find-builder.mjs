import { findExecutable } from '../setup/find-tool.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/** The best first. */
const KNOWN = ['docker', 'podman', 'buildah'];

/**
 * The command that builds an image, before its arguments: PODLINE_IMAGE_BUILDER split at spaces, else what is installed.
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} folders
 * @returns {Promise<string[]>}
 * @throws SetupError when there is none
 */
export async function findBuilder(env, folders) {
  const given = (env['PODLINE_IMAGE_BUILDER'] ?? '').split(' ').filter(Boolean);
  if (given.length > 0) return given;
  const found = await findExecutable(KNOWN, folders);
  if (found !== undefined) return [found, 'build'];
  throw new SetupError(
    `None of ${KNOWN.join(', ')} is on PATH. Install one, or name a command that takes the arguments of "docker build" in PODLINE_IMAGE_BUILDER.`,
  );
}
