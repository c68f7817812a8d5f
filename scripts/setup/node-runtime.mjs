import { copyFile, link, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findNpm } from './npm.mjs';
import { runCommand, runOrFail } from './run-command.mjs';
import { requirements } from './requirements.mjs';
import { SetupError } from './setup-error.mjs';
import { isAtLeast, parseVersion } from './version.mjs';

/**
 * The npm package that carries Node's binary for a machine, named as the install script of the package `node` names it.
 * @param {string} platform
 * @param {string} arch
 */
export function binaryPackage(platform, arch) {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${arch}`;
}

/**
 * Makes sure `node_modules/.bin/node` is there and new enough. It comes with the package `node`, whose install script
 * fetches the binary; the same is done here without running any script.
 * @param {import('./context.mjs').SetupContext} context
 * @param {(text: string) => void} progress
 * @returns {Promise<{ version: string, changed: boolean }>}
 */
export async function ensureNodeRuntime(context, progress) {
  const path = join(context.root, 'node_modules', '.bin', 'node');
  const found = await runtimeVersion(path);
  if (found !== undefined && isAtLeast(found, requirements.node.minimum)) return { version: found, changed: false };
  progress('fetching Node');
  await fetchBinary(context);
  const fetched = await runtimeVersion(path);
  if (fetched !== undefined && isAtLeast(fetched, requirements.node.minimum))
    return { version: fetched, changed: true };
  throw new SetupError(
    `${path} ${fetched === undefined ? 'does not run' : `is Node ${fetched}`}, and Node ${requirements.node.minimum} is needed. Remove node_modules and try again.`,
  );
}

/** @param {string} path @returns {Promise<string | undefined>} */
async function runtimeVersion(path) {
  try {
    const { code, output } = await runCommand(path, ['--version']);
    return code === 0 ? parseVersion(output) : undefined;
  } catch (error) {
    if (error instanceof SetupError) return undefined;
    throw error;
  }
}

/** @param {import('./context.mjs').SetupContext} context */
async function fetchBinary({ root, env, folders, machine, signal }) {
  const home = join(root, 'node_modules', 'node');
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  const name = binaryPackage(machine.platform, machine.arch);
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `${name}@${version}`,
  ];
  await runOrFail(`npm install ${name}`, await findNpm(folders), args, { cwd: home, env, signal });

  const binary = join(home, 'bin', 'node');
  const source = join(home, 'node_modules', name, 'bin', 'node');
  await mkdir(join(home, 'bin'), { recursive: true });
  await rm(binary, { force: true });
  await link(source, binary).catch(() => copyFile(source, binary));
  const linked = join(root, 'node_modules', '.bin', 'node');
  await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
  await rm(linked, { force: true });
  await symlink(join('..', 'node', 'bin', 'node'), linked);
}
