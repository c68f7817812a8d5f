import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';

/** Why `helmBinary` has none to offer; fit for the title of a skipped test. */
export const NO_HELM = 'needs helm on PATH, or ../shared/k8s/bin/helm.xz beside the checkout and xz';

const ROOT = repositoryRoot();
export const CHART = join(ROOT, 'deploy', 'helm', 'podline');

/** A rendered object, as far as the tests look into it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  // oxlint-disable-next-line typescript/no-explicit-any -- as many shapes as kinds; the API server knows them
  [part: string]: any;
}

/** Path of helm: the one on PATH, else one unpacked once into the temporary folder. Undefined where there is none. */
export async function helmBinary(): Promise<string | undefined> {
  const installed = await execa('helm', ['version'], { reject: false });
  if (!installed.failed) return 'helm';
  const archive = join(ROOT, '..', 'shared', 'k8s', 'bin', 'helm.xz');
  if (!existsSync(archive)) return undefined;
  const { size, mtimeMs } = await stat(archive);
  const folder = join(tmpdir(), `podline-test-${userInfo().uid}`);
  const binary = join(folder, `helm-${size}-${Math.trunc(mtimeMs)}`);
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

/**
 * Renders the chart as release `podline` with these values.
 * @throws Error with helm's message where the values are refused.
 */
export async function render(helm: string, values: object = {}, files: readonly string[] = []): Promise<Manifest[]> {
  const args = ['template', 'podline', CHART, '--namespace', 'test', '--kube-version', '1.35.0'];
  const { stdout } = await execa(helm, [...args, ...files.flatMap((file) => ['--values', file]), '--values', '-'], {
    input: JSON.stringify(values),
  });
  return parseAllDocuments(stdout).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found)
    throw new Error(
      `There is no ${kind} "${name}": ${manifests.map((one) => `${one.kind} ${one.metadata.name}`).join(', ')}`,
    );
  return found;
}

function repositoryRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
