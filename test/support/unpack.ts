import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';

/** Root of the checkout, from the sources as from `dist/`. */
export const ROOT = repositoryRoot();

/**
 * Path of a program of `../shared` beside the checkout, such as `k8s/bin/helm.xz`, unpacked once into the temporary folder.
 * Undefined where it or xz is not there.
 */
export async function unpackedProgram(...path: string[]): Promise<string | undefined> {
  const archive = join(ROOT, '..', 'shared', ...path);
  if (!existsSync(archive)) return undefined;
  const { size, mtimeMs } = await stat(archive);
  const folder = join(tmpdir(), `podline-test-${userInfo().uid}`);
  const binary = join(folder, `${basename(archive, '.xz')}-${size}-${Math.trunc(mtimeMs)}`);
  if (existsSync(binary)) return binary;

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = `${binary}.${process.pid}`;
  const unpacked = await execa('xz', ['--decompress', '--stdout', archive], { stdout: { file: part }, reject: false });
  if (unpacked.failed) return undefined;
  await chmod(part, 0o755);
  // Other test processes may unpack at the same time: the rename makes a whole file appear at once.
  await rename(part, binary);
  return binary;
}

function repositoryRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
