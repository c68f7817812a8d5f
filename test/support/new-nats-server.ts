import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Why `newNatsServerBinary` has none to offer; fit for the title of a skipped test. */
export const NO_NEW_NATS_SERVER = 'needs ../shared/bin/nats-server.xz beside the checkout, and xz';

/**
 * Path of a current nats-server (2.15), unpacked once into the temporary folder; for what Debian's 2.9.10 cannot show.
 * Undefined where there is none: skip the test then, and say `NO_NEW_NATS_SERVER`.
 */
export async function newNatsServerBinary(): Promise<string | undefined> {
  const archive = join(repositoryRoot(), '..', 'shared', 'bin', 'nats-server.xz');
  if (!existsSync(archive)) return undefined;
  const { size, mtimeMs } = await stat(archive);
  const folder = join(tmpdir(), `podline-test-${userInfo().uid}`);
  const binary = join(folder, `nats-server-${size}-${Math.trunc(mtimeMs)}`);
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
