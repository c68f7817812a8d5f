import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runOrFail } from './run-command.mjs';

/** Touched when a build succeeds, with the time it began. */
const STAMP = join('dist', '.podline-built');
/** What `tsc` compiles, as tsconfig.json includes it. */
const SOURCES = ['apps', 'libs', 'test', 'bench', 'examples'];
const SETTINGS = ['tsconfig.json', 'package.json', 'package-lock.json'];

/**
 * Compiles the TypeScript when anything is newer than the last build.
 * @param {import('./context.mjs').SetupContext} context
 */
export async function build({ root, env, signal, reporter }) {
  const step = reporter.start('build');
  const built = await modified(join(root, STAMP));
  if (built >= (await newestSource(root))) {
    step.done('dist is up to date', false);
    return;
  }
  step.progress('tsc --build');
  const began = new Date();
  const node = join(root, 'node_modules', '.bin', 'node');
  const args = [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--build'];
  await runOrFail('tsc --build', node, args, { cwd: root, env, signal });
  await mkdir(dirname(join(root, STAMP)), { recursive: true });
  await writeFile(join(root, STAMP), '');
  await utimes(join(root, STAMP), began, began);
  step.done('TypeScript compiled to dist', true);
}

/**
 * The latest time anything the build depends on was changed; a folder's own time tells of files removed.
 * @param {string} root
 * @returns {Promise<number>} milliseconds
 */
export async function newestSource(root) {
  const times = [
    ...SETTINGS.map((name) => modified(join(root, name))),
    ...SOURCES.map((name) => newestBelow(join(root, name))),
  ];
  return Math.max(...(await Promise.all(times)));
}

/** @param {string} folder @returns {Promise<number>} */
async function newestBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return newestBelow(path);
    return entry.name.endsWith('.ts') ? modified(path) : 0;
  });
  return Math.max(await modified(folder), ...(await Promise.all(times)));
}

/** @param {string} path @returns {Promise<number>} milliseconds; 0 for what is not there */
async function modified(path) {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}
